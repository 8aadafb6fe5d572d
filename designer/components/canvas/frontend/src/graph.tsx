// The graph pane: React Flow over places that Graphviz found. A step recolours only the nodes whose status changes.

import {
  Background, BackgroundVariant, EdgeLabelRenderer, Handle, MiniMap, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore,
  type Edge, type EdgeProps, type MiniMapNodeProps, type Node, type NodeProps, type Viewport,
} from "@xyflow/react";
import { memo, useCallback, useEffect, useMemo, useRef, useState, type JSX } from "react";
import { Dots } from "./breaks";
import { Covered, uncovered } from "./coverage";
import { KindIcon, StatusIcon } from "./icons";
import { layOut, type Curve, type Layout } from "./layout";
import { opensMenu } from "./menu";
import { Outline } from "./outline";
import type { Pictured } from "./picture";
import { coloursOf, Pictures } from "./pictures";
import { usePlayer, useView, type Player } from "./player";
import type { GraphData, GraphEdge, GraphGroup, GraphNode, Status } from "./types";
import { Tool } from "./tool";

const NARROWEST_FIT = 0.62;
const MINIMAP_FROM = 9;
const QUICK_MS = 400;

type StateData = { of: GraphNode } & Record<string, unknown>;
type GroupData = { of: GraphGroup } & Record<string, unknown>;
type WayData = { of: GraphEdge; curve: Curve } & Record<string, unknown>;

const useStatus = (id: string) =>
  useView((player) => (player.run ? player.run.statusOf(id, player.moment) : null));

const StateNode = memo(function StateNode({ data }: NodeProps<Node<StateData>>) {
  const node = data.of;
  const player = usePlayer();
  const { t, count } = player.words;
  const now = useStatus(node.id);
  const current = useView((p) => p.current === node.id);
  const selected = useView((p) => p.view.selected === node.id);
  const trail = useView((p) => p.trail.has(node.id));
  const never = useView((p) => uncovered(p, node.id));
  const apart = useView((p) => p.run?.inChildren(node.id, p.moment) ?? false);
  const status: Status = now?.status ?? "notrun";
  const broken = node.broken !== null;
  const word = t(broken ? "broken" : status);
  const caption = never ? t("never_reached") : apart ? t("in_children") : now && !broken ? captionOf(node, now.status, now.tries, count, t) : (node.caption ?? "");
  const title = [node.name, node.caption, broken ? node.broken : now ? word : "", now?.error].filter(Boolean).join("\n");
  return (
    <div
      className={`state is-${broken ? "broken" : status}${player.run ? " in-run" : ""}${current ? " current" : ""}${selected ? " selected" : ""}${trail ? " trail" : ""}${never ? " uncovered" : ""}`}
      {...opensMenu(player, node.id)} data-node={node.id} data-status={status} title={title} style={{ width: node.width, height: node.height }}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="tile"><KindIcon type={node.type} service={node.service} /></span>
      <span className="words">
        <b>{node.lines.map((line, i) => <span key={i}>{line}</span>)}</b>
        {caption && <small>{caption}</small>}
      </span>
      {!broken && <StatusIcon status={status} />}
      {now && now.visits > 1 && <span className="turns" title={count("visits", now.visits)}>×{now.visits}</span>}
      {player.run && <Dots node={node.id} />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
});

/** Statuses that are also said in words on the node; the others have their border, mark and colour. */
const SAID: ReadonlySet<Status> = new Set(["retrying", "waiting", "caught", "canceled", "timedout"]);

function captionOf(
  node: GraphNode, status: Status, tries: number, count: (key: string, n: number) => string, t: (key: string) => string,
): string {
  const told = [...(tries > 1 ? [count("tries", tries)] : []), ...(SAID.has(status) ? [t(`short_${status}`)] : [])];
  if (told.length === 0) return node.caption ?? "";
  const [what] = (node.caption ?? "").split(" · "); // what a run has to say takes the place of what was planned
  return [what, ...told].filter(Boolean).join(" · ");
}

const Terminal = memo(function Terminal({ data }: NodeProps<Node<StateData>>) {
  const player = usePlayer();
  return (
    <div className="terminal" style={{ width: data.of.width, height: data.of.height }}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {player.words.t(data.of.type === "Start" ? "start" : "end")}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
});

const GroupNode = memo(function GroupNode({ data }: NodeProps<Node<GroupData>>) {
  const name = groupName(data.of, usePlayer().words.t);
  return <div className="group">{name && <span>{name}</span>}</div>;
});

export function groupName(group: GraphGroup, t: (key: string, values?: Record<string, string>) => string): string {
  const branch = /Branches\[(\d+)\]$/.exec(group.id);
  return branch ? t("branch", { n: String(Number(branch[1]) + 1) }) : group.label && t("each_item");
}

const Way = memo(function Way({ data }: EdgeProps<Edge<WayData>>) {
  const { of, curve } = data!;
  const player = usePlayer();
  const taken = useView((p) => (p.run ? (p.run.taken.get(of.id) ?? Infinity) <= p.moment : null));
  const fresh = useView((p) => p.run !== null && p.run.steps[p.view.step] === p.run.taken.get(of.id));
  const trail = useView((p) => p.trail.has(of.source) && p.trail.has(of.target));
  const never = useView((p) => uncovered(p, of.id));
  const look = `way${trail ? " trail" : ""}${never ? " uncovered" : ""} of-${of.kind}${taken === null ? "" : taken ? " taken" : " untaken"}${fresh ? " fresh" : ""}${of.broken ? " broken" : ""}`;
  return (
    <g className={look}>
      <path d={curve.path} fill="none">{never && <title>{player.words.t("never_taken")}</title>}</path>
      {curve.tip && <path className="tip" d={arrowhead(curve)} />}
      {curve.label && of.label && (
        <EdgeLabelRenderer>
          <span className={`way-label ${look}`} title={of.title || of.label}
            style={{ transform: `translate(-50%,-50%) translate(${curve.label.x}px,${curve.label.y}px)` }}>
            {of.kind === "default" ? player.words.t("otherwise") : of.label}{never && ` · ${player.words.t("never_taken")}`}
          </span>
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

/** A triangle from where the curve ends to the node it reaches. */
export function arrowhead({ from, tip }: Curve): string {
  const angle = Math.atan2(tip!.y - from.y, tip!.x - from.x);
  const size = 9;
  const side = (turn: number) => `${tip!.x - size * Math.cos(angle + turn)} ${tip!.y - size * Math.sin(angle + turn)}`;
  return `M${tip!.x} ${tip!.y}L${side(0.42)}L${side(-0.42)}z`;
}

/** The outline says what there is to hear of a graph; React Flow's own hints are for graphs that are edited by keyboard. */
const UNSAID = { "node.a11yDescription.default": "", "node.a11yDescription.keyboardDisabled": "", "edge.a11yDescription.default": "" };
const NODE_TYPES = { state: StateNode, terminal: Terminal, cluster: GroupNode };
const EDGE_TYPES = { way: Way };

function elements(graph: GraphData, layout: Layout): { nodes: Node[]; edges: Edge[] } {
  const nodes: Node[] = [];
  const place = (id: string, type: string, data: Record<string, unknown>, zIndex: number) => {
    const box = layout.boxes.get(id);
    if (!box) return;
    nodes.push({
      id: type === "cluster" ? `group ${id}` : id, type, data, zIndex, position: { x: box.x, y: box.y }, width: box.width, height: box.height,
      draggable: false, connectable: false, deletable: false, selectable: type === "state", focusable: false,
    });
  };
  for (const group of graph.groups) place(group.id, "cluster", { of: group }, -1);
  for (const node of graph.nodes) place(node.id, node.type === "Start" || node.type === "End" ? "terminal" : "state", { of: node }, 1);
  const drawn = new Set(nodes.map((node) => node.id));
  const edges = graph.edges.flatMap((edge): Edge[] => {
    const curve = layout.curves.get(edge.id);
    return curve && drawn.has(edge.source) && drawn.has(edge.target)
      ? [{ id: edge.id, source: edge.source, target: edge.target, type: "way", data: { of: edge, curve }, focusable: false, selectable: false, ariaLabel: null as unknown as string }]
      : [];
  });
  return { nodes, edges };
}

function MiniNode({ id, x, y, width, height }: MiniMapNodeProps) {
  const status = useStatus(id)?.status ?? "notrun";
  const current = useView((p) => p.current === id);
  if (id.startsWith("group ")) return null;
  return <rect className={`mini is-${status}${current ? " current" : ""}`} x={x} y={y} width={width} height={height} rx={10} />;
}

/** Fits, zooms and follows: everything that moves the view. */
function Camera({ layout }: { layout: Layout }) {
  const player = usePlayer();
  const flow = useReactFlow();
  const width = useStore((s) => s.width);
  const height = useStore((s) => s.height);
  const fitted = useRef<Layout | null>(null);
  const sized = useRef({ width: 0, height: 0 });
  const own = useRef<Viewport | null>(null);
  const still = useMemo(() => window.matchMedia("(prefers-reduced-motion: reduce)").matches, []);
  const ease = still ? 0 : 180;

  const fitWidth = useCallback((duration = ease) => {
    const zoom = Math.min(1.1, Math.max(0.2, (width - 32) / layout.width));
    const tall = layout.height * zoom > height - 24;
    own.current = { x: (width - layout.width * zoom) / 2, y: tall ? 12 : (height - layout.height * zoom) / 2, zoom };
    void flow.setViewport(own.current, { duration });
  }, [flow, width, height, layout, ease]);

  const fitAll = useCallback((duration = ease) => {
    const zoom = Math.min(1.1, (width - 32) / layout.width, (height - 24) / layout.height);
    own.current = { x: (width - layout.width * zoom) / 2, y: (height - layout.height * zoom) / 2, zoom };
    void flow.setViewport(own.current, { duration });
  }, [flow, width, height, layout, ease]);

  useEffect(() => {
    player.camera = { fit: () => fitAll(), fitWidth: () => fitWidth(), zoom: (by) => void (by > 0 ? flow.zoomIn({ duration: ease }) : flow.zoomOut({ duration: ease })) };
  }, [player, flow, fitAll, fitWidth, ease]);

  useEffect(() => {
    const was = sized.current;
    if (!width || !height || (fitted.current === layout && was.width === width && was.height === height)) return;
    const view = flow.getViewport();
    const moved = own.current !== null && Math.abs(view.x - own.current.x) + Math.abs(view.y - own.current.y) + Math.abs(view.zoom - own.current.zoom) > 1;
    const resized = fitted.current === layout;
    fitted.current = layout;
    sized.current = { width, height };
    if (resized && moved) { // the pane got another size: what somebody looks at stays in its middle
      void flow.setViewport({ ...view, x: view.x + (width - was.width) / 2, y: view.y + (height - was.height) / 2 }, { duration: 0 });
      return;
    }
    const all = Math.min((width - 32) / layout.width, (height - 24) / layout.height);
    if (all >= NARROWEST_FIT) fitAll(0);
    else fitWidth(0);
  }, [width, height, layout, fitAll, fitWidth]);

  const follow = useView((p) => p.view.follow);
  const moved = useRef(0);
  useEffect(() => {
    const box = player.current && layout.boxes.get(player.current);
    if (!follow || !box || !width) return;
    const { x, y, zoom } = flow.getViewport();
    const left = box.x * zoom + x;
    const top = box.y * zoom + y;
    const margin = 12;
    const right = left + box.width * zoom;
    const low = top + box.height * zoom;
    if (left < margin || top < margin || right > width - margin || low > height - margin) {
      const dx = left < margin || right > width - margin ? width / 2 - (left + right) / 2 : 0;
      const dy = top < margin || low > height - margin ? height / 2 - (top + low) / 2 : 0;
      const now = performance.now(); // an animation under quick steps would only lag behind them
      void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: now - moved.current < QUICK_MS ? 0 : ease });
    }
    moved.current = performance.now();
  }, [follow]);
  return null;
}

function Canvas({ graph, layout }: { graph: GraphData; layout: Layout }) {
  const player = usePlayer();
  const dark = useView((p) => p.view.dark);
  const { nodes, edges } = useMemo(() => elements(graph, layout), [graph, layout]);
  const many = graph.nodes.length >= MINIMAP_FROM;
  return (
    <ReactFlow ariaLabelConfig={UNSAID}
      nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES} colorMode={dark ? "dark" : "light"}
      nodesDraggable={false} nodesConnectable={false} elementsSelectable={false} nodesFocusable={false} edgesFocusable={false}
      disableKeyboardA11y deleteKeyCode={null} minZoom={0.1} maxZoom={2.5} zoomOnDoubleClick={false} panOnScroll={false}
      onlyRenderVisibleElements={graph.nodes.length > 150} proOptions={{ hideAttribution: true }}
      onNodeClick={(_, node) => {
        if (node.type === "state") player.choose(node.id);
      }}
      onPaneClick={() => player.set({ selected: null })}
    >
      <Background variant={BackgroundVariant.Dots} gap={18} size={1.4} />
      {many && <MiniMap pannable zoomable nodeComponent={MiniNode} ariaLabel={null} style={{ width: 116, height: 84 }} offsetScale={2} />}
      <Camera layout={layout} />
    </ReactFlow>
  );
}

function useLayout(dot: string): { layout: Layout | null; failure: string | null } {
  const [found, setFound] = useState<{ dot: string; layout: Layout | null; failure: string | null }>({ dot: "", layout: null, failure: null });
  useEffect(() => {
    let here = true;
    layOut(dot).then(
      (layout) => here && setFound({ dot, layout, failure: null }),
      (error: unknown) => here && setFound({ dot, layout: null, failure: String(error instanceof Error ? error.message : error) }),
    );
    return () => {
      here = false;
    };
  }, [dot]);
  return found.dot === dot ? found : { layout: found.layout, failure: null };
}

export function GraphPane(): JSX.Element {
  const player = usePlayer();
  const { t, count } = player.words;
  const graph = useView((p) => p.props.graph);
  const outline = useView((p) => p.view.outline);
  const unrun = useView((p) => (p.run ? graph.nodes.filter((n) => isState(n) && p.run!.statusOf(n.id, p.moment).status === "notrun").length : 0));
  const total = useMemo(() => graph.nodes.filter(isState).length, [graph]);
  const { layout, failure } = useLayout(graph.dot);
  const hasRun = useView((p) => p.run !== null);
  const section = useRef<HTMLElement>(null);
  return (
    <section className="card graph" aria-label={t("graph")} ref={section}>
      <header className="bar">
        <b>{t("graph")}</b>
        <span className="quiet">{count("states", total)}{unrun > 0 && ` · ${count("not_run", unrun)}`}</span>
        <span className="tools">
          <span className="switch" role="group">
            <button type="button" aria-pressed={!outline} onClick={() => player.set({ outline: false })}>{t("graph")}</button>
            <button type="button" aria-pressed={outline} onClick={() => player.set({ outline: true })}>{t("outline")}</button>
          </span>
          {!outline && (
            <>
              <Tool icon="zoomOut" label={t("zoom_out")} onClick={() => player.camera?.zoom(-1)} />
              <Tool icon="zoomIn" label={t("zoom_in")} onClick={() => player.camera?.zoom(1)} />
              <Tool icon="fitWidth" label={t("fit_width")} onClick={() => player.camera?.fitWidth()} />
              <Tool icon="fit" label={t("fit")} onClick={() => player.camera?.fit()} />
              <Pictures t={t} hasRun={hasRun} draw={(withRun) => pictured(player, layout, section.current, withRun)} />
            </>
          )}
        </span>
      </header>
      {outline ? (
        <Outline />
      ) : (
        <div className="canvas" role="img" aria-label={t("graph_label")}>
          {total === 0 ? (
            <p className="note">{t("no_graph")}</p>
          ) : failure ? (
            <p className="note" role="alert">{t("layout_failed", { reason: failure })}</p>
          ) : layout ? (
            <ReactFlowProvider><Canvas graph={graph} layout={layout} /></ReactFlowProvider>
          ) : (
            <p className="note">{t("drawing")}</p>
          )}
        </div>
      )}
      <Covered />
    </section>
  );
}

/** What is on screen as a picture: with the run, as it stands at the cursor. */
function pictured(player: Player, layout: Layout | null, on: Element | null, withRun: boolean): Pictured | null {
  const { run, moment, props, words } = player;
  if (!layout || !on) return null;
  return {
    ...props.graph, layout, colour: coloursOf(on), t: words.t,
    status: withRun && run ? (node) => run.statusOf(node, moment).status : null,
    taken: (edge) => (run?.taken.get(edge) ?? Infinity) <= moment,
  };
}

export const isState = (node: GraphNode): boolean => node.type !== "Start" && node.type !== "End";
