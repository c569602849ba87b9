import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { describeRuntime } from "../../server/system/conformance.ts";
import { createEngine } from "../../server/system/docker/create-engine.ts";
import { createDockerRuntime } from "../../server/system/docker/docker-runtime.ts";
import { createOwnProject } from "../../server/system/docker/own-project.ts";

const dataFolder = mkdtempSync(join(tmpdir(), "faultline-runtime-"));
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

const project = `faultline-conformance-${process.pid}`;
const filters = { label: [`com.docker.compose.project=${project}`] };
const engine = createEngine();

describeRuntime("docker", () => ({
  create: () => createDockerRuntime({ project, dataFolder }),
  async ask(component, path, timeoutMs) {
    // From inside the network: nothing of the system is published.
    const url = `http://${component}:3000${path}`;
    const script = `fetch("${url}", { signal: AbortSignal.timeout(${timeoutMs}) }).then((a) => a.text()).then((t) => console.log(t), () => process.exit(1))`;
    const exec = await (await find("ticker")).exec({ Cmd: ["node", "-e", script], AttachStdout: true });
    const stream = await exec.start({});
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    const { ExitCode } = await exec.inspect();
    if (ExitCode !== 0) throw new Error(`${url} did not answer`);
    // The engine's frame header stands before the text.
    return Buffer.concat(chunks).subarray(8).toString("utf8").trim();
  },
  async killAgent() {
    await (await find("faultline-agent")).kill();
  },
  async leftovers() {
    const containers = await engine.listContainers({ all: true, filters });
    const networks = await engine.listNetworks({ filters });
    const { Volumes } = await engine.listVolumes({ filters });
    return [
      ...containers.flatMap(({ Names }) => Names),
      ...networks.map(({ Name }) => Name),
      ...(Volumes ?? []).map(({ Name }) => Name),
    ];
  },
}));

async function find(service: string) {
  const [container] = await engine.listContainers({
    filters: { label: [...filters.label, `com.docker.compose.service=${service}`] },
  });
  if (!container) throw new Error(`there is no container of ${service}`);
  return engine.getContainer(container.Id);
}

it("neither sees nor removes what belongs to another project, whatever it is called", async () => {
  const stranger = await engine.createContainer({
    Image: process.env.NODE_IMAGE || "node:24-slim",
    Labels: { "com.docker.compose.project": `${project}-2`, "com.docker.compose.service": "back" },
  });
  try {
    const own = createOwnProject(engine, project);
    expect([...(await own.containers()).keys()]).toEqual([]);
    expect(await own.remove()).toBe(0);
    expect((await stranger.inspect()).State.Status).toBe("created");
  } finally {
    await stranger.remove({ force: true });
  }
});
