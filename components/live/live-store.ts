import { createStore } from "zustand/vanilla";
import { initialLiveState, type LiveState } from "./live-state.ts";

/** Live truth. Written only by connect.ts; everyone else reads, through use-live.ts. */
export const liveStore = createStore<LiveState>()(() => initialLiveState);
