import type { ComponentAction, ComponentState } from "#contract/state.ts";
import { createAgent } from "../../agent/create-agent.ts";
import type { Runtime, RuntimeEvent } from "../../server/system/runtime.ts";

const after: Record<ComponentAction, ComponentState> = {
  start: "running",
  unpause: "running",
  restart: "running",
  stop: "stopped",
  kill: "killed",
  pause: "paused",
};

/** A runtime without processes: components are words at `upstream`, the agent is real and in this process. */
export function createFakeRuntime(upstream = "127.0.0.1:9") {
  let listener: (event: RuntimeEvent) => void = () => {};
  let agent: ReturnType<typeof createAgent> | null = null;
  const acts: string[] = [];
  let isDown = false;
  let intakeUrl = "";
  const tell = (component: string, state: ComponentState) => {
    const exitCode = state === "killed" ? 137 : undefined;
    listener({ type: "state", component, at: Date.now(), state, ...(exitCode !== undefined && { exitCode }) });
  };
  const runtime: Runtime = {
    kind: "process",
    unavailableActions: { stop: "this runtime cannot stop" },
    prepare: async () => ({
      edgeListen: () => ({ bind: "127.0.0.1:0", address: "127.0.0.1:0" }),
      upstream: () => upstream,
      bindPort: (_service, port) => port,
      intakeUrl: "http://127.0.0.1:9",
    }),
    async startAgent() {
      agent = createAgent(() => {});
      const local = { host: "127.0.0.1", port: 0 };
      const { control, intake } = await agent.listen({ control: local, intake: local });
      intakeUrl = `http://${intake}`;
      return { controlUrl: `http://${control}` };
    },
    async up({ model }) {
      for (const { id } of model.services) tell(id, "running");
    },
    async act(component, action) {
      acts.push(`${action} ${component}`);
      tell(component, after[action]);
    },
    logs: async (component) => [{ at: 1, stream: "stdout", text: `${component} says hello` }],
    async down() {
      isDown = true;
      agent?.close();
    },
    onEvent: (next) => {
      listener = next;
    },
    orphans: () => [],
  };
  return {
    runtime,
    acts,
    /** Where components would send telemetry and follow their policies. */
    intakeUrl: () => intakeUrl,
    /** As if a component's process had ended by itself. */
    lose: (component: string) => tell(component, "killed"),
    isDown: () => isDown,
    /** As if the agent's process had died. */
    loseAgent() {
      agent?.close();
      listener({ type: "agent-exit", at: Date.now(), exitCode: 1 });
    },
  };
}
