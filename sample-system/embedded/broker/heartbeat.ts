type Parts = {
  beat(): void;
  /** Whether anything came since it was asked last. */
  heard(): boolean;
  lost(): void;
};

/** Silent for so many half intervals is lost: two whole intervals, as AMQP says. */
const SILENT_TICKS = 4;

/**
 * Beats twice an interval and watches for the other side. Counts its own ticks, not the clock, so that a broker that was
 * itself paused does not take the pause for its clients' silence. 0 seconds is none. Returns how to stop.
 */
export function startHeartbeat(seconds: number, { beat, heard, lost }: Parts): () => void {
  if (seconds === 0) return () => {};
  let silentTicks = 0;
  const tick = () => {
    silentTicks = heard() ? 0 : silentTicks + 1;
    if (silentTicks >= SILENT_TICKS) lost();
    else beat();
  };
  const timer = setInterval(tick, (seconds * 1000) / 2);
  return () => clearInterval(timer);
}
