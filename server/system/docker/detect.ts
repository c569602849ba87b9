import { compose } from "./compose-cli.ts";
import { createEngine } from "./create-engine.ts";

const ANSWER_WITHIN_MS = 2_000;
const COMPOSE_WITHIN_MS = 10_000;

/** The version of the Docker engine that answers here, or null when none does within two seconds. */
export async function dockerEngine(): Promise<{ version: string } | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ANSWER_WITHIN_MS, null);
  });
  try {
    const version = createEngine()
      .version()
      .then(({ Version }) => ({ version: Version }));
    return await Promise.race([version, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the docker command is here and has its compose plugin. */
export async function hasCompose(): Promise<boolean> {
  const signal = AbortSignal.timeout(COMPOSE_WITHIN_MS);
  const asked = compose("Asking for compose", ["version"], { project: "faultline", files: [], cwd: ".", signal });
  return await asked.then(
    () => true,
    () => false,
  );
}
