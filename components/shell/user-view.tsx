"use client";
import { useLive } from "../live/use-live.ts";
import { toMs, toRate, toSuccess } from "../ui/to-text.ts";

/** What the users of the system see, in the largest digits on the screen. */
export function UserView() {
  const { successRatio, p95Ms, ratePerSecond } = useLive((state) => state.user);
  const tone =
    successRatio === null || successRatio >= 0.99 ? "" : successRatio >= 0.9 ? "text-degraded" : "text-failing";
  return (
    <fieldset className="flex items-baseline gap-[1.1rem]">
      <legend className="sr-only">What users see, over the last 10 seconds</legend>
      <Figure testId="user-success" value={toSuccess(successRatio)} label="user success" tone={tone} wide />
      <Figure testId="user-p95" value={toMs(p95Ms)} label="p95" tone="" />
      <Figure testId="user-rate" value={toRate(ratePerSecond)} label="requests" tone="" />
    </fieldset>
  );
}

function Figure({
  testId,
  value,
  label,
  tone,
  wide,
}: {
  testId: string;
  value: string;
  label: string;
  tone: string;
  wide?: boolean;
}) {
  return (
    <div className={`${testId} ${wide ? "min-w-[6.4rem]" : "min-w-[4.6rem]"}`}>
      <div data-testid={testId} className={`text-2xl leading-none font-semibold whitespace-nowrap ${tone}`}>
        {value}
      </div>
      <div className="mt-1 text-xs text-muted">{label}</div>
    </div>
  );
}
