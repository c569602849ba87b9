"use client";
import "@xyflow/react/dist/base.css";
import "./map.css";
import {
  type Edge as FlowEdge,
  type Node as FlowNode,
  ReactFlow,
  ReactFlowProvider,
  useNodesState,
  useReactFlow,
  type Viewport,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { FaultMenu } from "../faults/fault-menu.tsx";
import type { GraphShape } from "../live/live-state.ts";
import { openInspector, select, useUi } from "../live/ui-store.ts";
import { useLive } from "../live/use-live.ts";
import { EdgeLine } from "./edge-line.tsx";
import { NodeCard } from "./node-card.tsx";
import { loadDrags, type Places, saveDrags, toPlaces } from "./places.ts";
import { Regions } from "./regions.tsx";
import { RelatedContext } from "./related-context.ts";
import { StartProgress } from "./start-progress.tsx";
import { toLabelBox } from "./to-edge.ts";
import { toLabelPlaces } from "./to-label-places.ts";
import type { Line, Rect } from "./to-line.ts";
import { toLines } from "./to-lines.ts";
import { toCardSize } from "./to-node.ts";
import { toBounds, toHeading, toRegions } from "./to-regions.ts";
import { toRelated } from "./to-related.ts";
import { TrafficCanvas } from "./traffic-canvas.tsx";
import { useMapKeys } from "./use-map-keys.ts";
import { keepViewport, keptViewport } from "./viewport.ts";

const nodeTypes = { card: NodeCard };
const edgeTypes = { line: EdgeLine };
const HOME: Viewport = { x: 0, y: 0, zoom: 1 };

export function MapView() {
  return (
    <ReactFlowProvider>
      <MapCanvas />
    </ReactFlowProvider>
  );
}

/** Knows ids and places only; every number is drawn by the card or line that subscribes to it. */
function MapCanvas() {
  const shape = useLive((state) => state.shape);
  const system = useLive((state) => state.system?.name ?? "");
  const layout = useLive((state) => state.system?.layout);
  const selected = useUi((state) => state.selection?.id ?? null);
  const flow = useReactFlow();
  const map = useRef<HTMLDivElement>(null);
  const [nodes, setNodes, onNodesChange] = useNodesState<FlowNode>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the layout arrives anew with each system message; places change with the shape only
  useEffect(() => {
    const places = toPlaces(shape, layout ?? {}, loadDrags(system));
    setNodes((before) => toNodes(shape, places, before));
  }, [shape, system, setNodes]);

  const rects = useMemo(
    () =>
      Object.fromEntries(
        nodes.map(({ id, position, width, height }) => [id, { ...position, width: width ?? 0, height: height ?? 0 }]),
      ),
    [nodes],
  );
  const lines = useMemo(() => toLines(shape, rects), [shape, rects]);
  const related = useMemo(() => (selected ? toRelated(shape, selected) : null), [shape, selected]);

  const regions = useMemo(() => toRegions(shape, rects), [shape, rects]);
  const edges = useMemo(
    () => toFlowEdges(shape, lines, [...Object.values(rects), ...regions.map(toHeading)]),
    [shape, lines, rects, regions],
  );
  const fitMap = useCallback(
    () => void flow.fitBounds(toBounds([...Object.values(rects), ...regions]), { padding: 0.03 }),
    [flow, rects, regions],
  );
  const onKeyDown = useMapKeys(rects, lines, fitMap);
  const onDragStop = useCallback(
    (_: unknown, node: FlowNode) => saveDrags(system, { ...loadDrags(system), [node.id]: node.position }),
    [system],
  );

  return (
    <RelatedContext.Provider value={related}>
      <FaultMenu>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up here from the cards and lines, which are buttons */}
        <div ref={map} className="map" onKeyDown={onKeyDown}>
          {nodes.length > 0 && (
            <ReactFlow
              nodes={nodes}
              edges={edges}
              nodeTypes={nodeTypes}
              edgeTypes={edgeTypes}
              onNodesChange={onNodesChange}
              onNodeDragStop={onDragStop}
              onNodeClick={(_, node) => select(node.id)}
              onNodeDoubleClick={(_, node) => openInspector(node.id)}
              onPaneClick={() => select(null)}
              onMove={(_, { zoom }) => map.current?.style.setProperty("--zoom", String(zoom))}
              onMoveEnd={(_, viewport) => keepViewport(viewport)}
              onInit={() => keptViewport() || fitMap()}
              defaultViewport={keptViewport() ?? HOME}
              minZoom={0.15}
              maxZoom={2.5}
              nodeDragThreshold={5}
              nodesConnectable={false}
              nodesFocusable={false}
              edgesFocusable={false}
              elementsSelectable={false}
              zoomOnDoubleClick={false}
              deleteKeyCode={null}
              disableKeyboardA11y
            >
              <Regions regions={regions} />
              <TrafficCanvas lines={lines} related={related} />
            </ReactFlow>
          )}
          <StartProgress />
        </div>
      </FaultMenu>
    </RelatedContext.Provider>
  );
}

function toFlowEdges(shape: GraphShape, lines: Record<string, Line>, obstacles: Rect[]): FlowEdge[] {
  const boxes = Object.fromEntries(shape.edges.map(({ id, protocol }) => [id, toLabelBox(protocol)]));
  const places = toLabelPlaces(lines, boxes, obstacles);
  return shape.edges.flatMap(({ id, caller, callee }) => {
    const line = lines[id];
    if (!line) return [];
    const data = { line, labelAt: places[id] ?? 0.5 };
    return [{ id, source: caller, target: callee, type: "line", data }];
  });
}

/** What stood stays where it stands; only new components take their places. */
function toNodes(shape: GraphShape, places: Places, before: FlowNode[]): FlowNode[] {
  const standing = new Map(before.map((node) => [node.id, node]));
  return shape.components.map(({ id, kind, modules }) => {
    const position = standing.get(id)?.position ?? places[id] ?? { x: 0, y: 0 };
    return { ...standing.get(id), id, type: "card", position, data: {}, zIndex: 20, ...toCardSize(kind, modules) };
  });
}
