import { afterEach, describe, expect, test, vi } from "vitest";
import { compose } from "./compose-cli.ts";
import { hasCompose } from "./detect.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("where there is no docker command", () => {
  test("a call is refused with what to do, and ending it afterwards kills nobody", async () => {
    vi.stubEnv("PATH", "/nowhere");
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const stopping = new AbortController();
    const options = { project: "p", files: [], cwd: ".", signal: stopping.signal };
    await expect(compose("Starting", ["up"], options)).rejects.toThrow(/docker command is not there: install Docker/);
    stopping.abort();
    expect(kill).not.toHaveBeenCalled();
  });

  test("there is no compose", async () => {
    vi.stubEnv("PATH", "/nowhere");
    expect(await hasCompose()).toBe(false);
  });
});
