// The drawing itself: React Flow over places that Graphviz found, with everything that is done with the mouse upon it.

import {
  Background, BackgroundVariant, EdgeLabelRenderer, Handle, MiniMap, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore, ViewportPortal,
  type Edge, type EdgeProps, type MiniMapNodeProps, type Node, type NodeProps,
} from "@xyflow/react";
import { memo, useCallback, useEffect, useMemo, useRef, useState, type JSX, type MouseEvent, type PointerEvent } from "react";
import { emptyPlace, placed } from "./dot";
import { CATCHERS, LAST, useEdit, useEditor, type Editor } from "./editing";
import { carry, draw, frame } from "./gestures";
import { arrowhead, groupName } from "./graph";
import { Icon, KindIcon, StatusIcon } from "./icons";
import type { Curve, Layout, Point } from "./layout";
import { Rename } from "./rename";
import { Starters, tileOf } from "./palette";
import { shifted } from "./staying";
import type { GraphEdge, GraphGroup, GraphNode } from "./types";

const READABLE = 0.62;
const BEGIN_AT = 0.8;
const MINIMAP_FROM = 9;
const MANY = 150;

type NodeData = { of: GraphNode; held: number; across: boolean } & Record<string, unknown>;
type GroupData = { of: GraphGroup } & Record<string, unknown>;
type PlaceData = { group: string } & Record<string, unknown>;
type WayData = { of: GraphEdge; curve: Curve } & Record<string, unknown>;

const statusOf = (editor: Editor, id: string) => (editor.run ? editor.run.statusOf(id, editor.run.moments.length - 1) : null);

const StateNode = memo(function StateNode({ data }: NodeProps<Node<NodeData>>) {
  const { of: node, held, across } = data;
  const editor = useEditor();
  const { t, count } = editor.words;
  const selected = useEdit((e) => e.view.nodes.has(node.id));
  const renaming = useEdit((e) => e.view.renaming === node.id);
  const moving = useEdit((e) => e.view.load !== null && "nodes" in e.view.load && e.view.load.nodes.includes(node.id));
  const dropped = useEdit((e) => { const place = e.view.load?.drop?.place; return place !== undefined && "after" in place && place.after === node.id; });
  const reached = useEdit((e) => e.view.link?.target === node.id);
  const pending = useEdit((e) => (e.renamed?.node === node.id ? e.renamed.name : null));
  const now = statusOf(editor, node.id);
  const broken = node.broken !== null;
  const caption = held ? [node.caption, count("states", held)].filter(Boolean).join(" · ") : node.caption;
  const title = [node.name, node.caption, node.broken, ...(node.problems ?? []), now && now.status !== "notrun" ? `${t(now.status)}${now.error ? ` · ${now.error}` : ""}` : ""].filter(Boolean).join("\n");
  const look = `state nopan is-${broken ? "broken" : (now?.status ?? "notrun")}${selected ? " selected" : ""}${moving ? " moving" : ""}${dropped || reached ? " aimed" : ""}${held ? " shut" : ""}`;
  return (
    <div className={look} data-node={node.id} title={renaming ? undefined : title} style={{ width: node.width, height: node.height }}
      onPointerDown={(event) => press(editor, event, node)}
      onDoubleClick={() => editor.startRename()}
      onContextMenu={(event) => openMenu(editor, event, "node", node.id)}>
      <Handle type="target" position={across ? Position.Left : Position.Top} isConnectable={false} />
      <span className={tileOf(node)}><KindIcon type={node.type} service={node.service} /></span>
      {renaming ? <Rename node={node.id} /> : (
        <span className="words">
          <b>{(pending ? [pending] : node.lines).map((line, i) => <span key={i}>{line}</span>)}</b>
          {caption && <small>{caption}</small>}
        </span>
      )}
      {!broken && now && !renaming && <StatusIcon status={now.status} />}
      <Flag node={node} />
      {held > 0 && (
        <button type="button" className="opener nopan" tabIndex={-1} aria-label={t("unfold")} title={t("unfold")} onPointerDown={(event) => event.stopPropagation()} onClick={() => editor.fold(node.id)}><Icon of="zoomIn" size={12} /></button>
      )}
      {!LAST.has(node.type) && <Grip node={node} caught={false} across={across} />}
      {CATCHERS.has(node.type) && <Grip node={node} caught across={across} />}
      <Handle type="source" position={across ? Position.Right : Position.Bottom} isConnectable={false} />
    </div>
  );
});

/** How many problems a state has; the worst gives colour and shape, the tooltip has the sentences. */
function Flag({ node }: { node: GraphNode }) {
  const problems = node.problems ?? [];
  if (problems.length === 0 || !node.severity) return null;
  return <span className={`flag is-${node.severity}`} title={problems.join("\n")}><Icon of={`is_${node.severity}`} size={12} />{problems.length > 1 && problems.length}</span>;
}

/** Where a transition is drawn from: the next state from the end of the box, a Catch from its side. */
function Grip({ node, caught, across }: { node: GraphNode; caught: boolean; across: boolean }) {
  const editor = useEditor();
  const label = editor.words.t(caught ? "draw_catch" : "draw_next");
  return (
    <span className={`grip nopan ${caught ? "is-catch" : "is-next"}${across ? " across" : ""}`} title={label} data-grip={caught ? "catch" : "next"}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.stopPropagation();
        const box = editor.layout?.boxes.get(node.id);
        if (!box) return;
        const end = caught !== across ? { x: box.x + box.width, y: box.y + box.height / 2 } : { x: box.x + box.width / 2, y: box.y + box.height };
        draw(editor, event, node.id, null, caught, end);
      }} />
  );
}

function press(editor: Editor, event: PointerEvent<HTMLElement>, node: GraphNode): void {
  if (event.button !== 0 || editor.view.renaming === node.id) return;
  editor.focus();
  if (event.shiftKey || event.ctrlKey || event.metaKey) return editor.toggle(node.id);
  const many = editor.view.nodes.has(node.id) && editor.view.nodes.size > 1;
  if (!many) editor.select([node.id]);
  carry(editor, event, () => {
    const nodes = many ? editor.chosen : [node.id];
    return { nodes, name: nodes.length > 1 ? editor.words.count("states", nodes.length) : node.name };
  }, () => many && editor.select([node.id]));
}

function openMenu(editor: Editor, event: MouseEvent<Element>, of: "node" | "edge" | "pane", id: string): void {
  event.preventDefault();
  event.stopPropagation();
  if (of === "node" && !editor.view.nodes.has(id)) editor.select([id]);
  if (of === "edge") editor.select([], [id]);
  editor.set({ menu: { x: event.clientX, y: event.clientY, of, id } });
}

/** The menu key opens the menu of what is selected, where that stands. */
function openByKey(editor: Editor, event: MouseEvent<Element>, of: "node" | "edge", id: string): void {
  event.preventDefault();
  const name = of === "node" ? "node" : "edge";
  const box = [...(editor.board?.querySelectorAll<HTMLElement>(`[data-${name}]`) ?? [])].find((one) => one.dataset[name] === id)?.getBoundingClientRect();
  const board = editor.board!.getBoundingClientRect();
  editor.set({ menu: { x: (box ?? board).left + 24, y: box ? box.bottom : board.top + 24, of, id } });
}

const Terminal = memo(function Terminal({ data }: NodeProps<Node<NodeData>>) {
  const editor = useEditor();
  const start = data.of.type === "Start";
  const reached = useEdit((e) => e.view.link?.target === data.of.id);
  return (
    <div className={`terminal nopan${reached ? " aimed" : ""}`} data-node={data.of.id} style={{ width: data.of.width, height: data.of.height }}>
      <Handle type="target" position={data.across ? Position.Left : Position.Top} isConnectable={false} />
      {editor.words.t(start ? "start" : "end")}
      {start && <Grip node={data.of} caught={false} across={data.across} />}
      <Handle type="source" position={data.across ? Position.Right : Position.Bottom} isConnectable={false} />
    </div>
  );
});

const GroupNode = memo(function GroupNode({ data }: NodeProps<Node<GroupData>>) {
  const editor = useEditor();
  const { t } = editor.words;
  const aimed = useEdit((e) => { const place = e.view.load?.drop?.place; return place !== undefined && "block" in place && place.block === data.of.id; });
  const name = groupName(data.of, t);
  const outer = data.of.id.endsWith("/Branches") || /\/(ItemProcessor|Iterator)$/.test(data.of.id);
  return (
    <div className={`group${aimed ? " aimed" : ""}`} data-group={data.of.id}>
      {name && <span>{name}</span>}
      {outer && (
        <button type="button" className="folder nopan" tabIndex={-1} aria-label={t("fold")} title={t("fold")} onClick={() => editor.fold(data.of.node)}><Icon of="zoomOut" size={12} /></button>
      )}
    </div>
  );
});

const EmptyNode = memo(function EmptyNode({ data }: NodeProps<Node<PlaceData>>) {
  const editor = useEditor();
  return <div className="vacant" data-group={data.group}>{editor.words.t("drop_inside")}</div>;
});

const Way = memo(function Way({ data }: EdgeProps<Edge<WayData>>) {
  const { of, curve } = data!;
  const editor = useEditor();
  const { t } = editor.words;
  const selected = useEdit((e) => e.view.edges.has(of.id));
  const aimed = useEdit((e) => { const place = e.view.load?.drop?.place; return place !== undefined && "edge" in place && place.edge === of.id; });
  const gone = useEdit((e) => e.view.link?.edge === of.id);
  const look = `way of-${of.kind}${selected ? " selected" : ""}${aimed ? " aimed" : ""}${of.broken ? " broken" : ""}${gone ? " gone" : ""}`;
  const source = editor.name(of.source);
  const target = editor.name(of.target);
  const pick = {
    onPointerDown: (event: PointerEvent<Element>) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      editor.focus();
      editor.select([], [of.id]);
    },
    onContextMenu: (event: MouseEvent<Element>) => openMenu(editor, event, "edge", of.id),
  };
  return (
    <g className={look} data-edge={of.id}>
      <path className="reach nopan" d={curve.path} fill="none" {...pick}><title>{t("way_from_to", { source, target })}</title></path>
      <path className="line" d={curve.path} fill="none" />
      {curve.tip && <path className="tip" d={arrowhead(curve)} />}
      {selected && curve.tip && (
        <circle className="end nopan" cx={curve.from.x} cy={curve.from.y} r={7} data-end={of.id}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.stopPropagation();
            draw(editor, event, of.source, of.id, of.kind === "catch", curve.points[0]);
          }} />
      )}
      {curve.label && of.label && (
        <EdgeLabelRenderer>
          <span className={`way-label nopan ${look}`} title={of.title || of.label} {...pick}
            style={{ transform: `translate(-50%,-50%) translate(${curve.label.x}px,${curve.label.y}px)` }}>
            {of.kind === "default" ? t("otherwise") : of.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

const NODE_TYPES = { state: StateNode, terminal: Terminal, cluster: GroupNode, vacant: EmptyNode };
const EDGE_TYPES = { way: Way };

function elements(editor: Editor, shown: Editor["shown"], layout: Layout, across: boolean): { nodes: Node[]; edges: Edge[] } {
  const nodes: Node[] = [];
  const place = (key: string, id: string, type: string, data: Record<string, unknown>, zIndex: number) => {
    const box = layout.boxes.get(key);
    if (!box) return;
    nodes.push({
      id, type, data, zIndex, position: { x: box.x, y: box.y }, width: box.width, height: box.height,
      draggable: false, connectable: false, deletable: false, selectable: false, focusable: false,
    });
  };
  for (const group of shown.groups) {
    place(group.id, `group ${group.id}`, "cluster", { of: group }, -1);
    place(emptyPlace(group.id), emptyPlace(group.id), "vacant", { group: group.id }, 0);
  }
  for (const node of shown.nodes) {
    place(node.id, node.id, node.type === "Start" || node.type === "End" ? "terminal" : "state", { of: node, held: shown.held.get(node.id) ?? 0, across }, 1);
  }
  const drawn = new Set(nodes.map((node) => node.id));
  const edges = shown.edges.flatMap((edge): Edge[] => {
    const curve = layout.curves.get(edge.id);
    return curve && drawn.has(edge.source) && drawn.has(edge.target)
      ? [{ id: edge.id, source: edge.source, target: edge.target, type: "way", data: { of: edge, curve }, focusable: false, selectable: false,
          ariaLabel: editor.words.t("way_from_to", { source: editor.name(edge.source), target: editor.name(edge.target) }) }]
      : [];
  });
  return { nodes, edges };
}

function MiniNode({ id, x, y, width, height }: MiniMapNodeProps) {
  const editor = useEditor();
  const status = statusOf(editor, id)?.status ?? "notrun";
  const selected = useEdit((e) => e.view.nodes.has(id));
  if (id.startsWith("group ")) return null;
  return <rect className={`mini is-${status}${selected ? " current" : ""}`} x={x} y={y} width={width} height={height} rx={10} />;
}

/** Everything that moves the view: fit, zoom, centre, and bringing what is selected into sight. */
function View({ layout, turned }: { layout: Layout; turned: boolean }) {
  const editor = useEditor();
  const flow = useReactFlow();
  const width = useStore((s) => s.width);
  const height = useStore((s) => s.height);
  const fitted = useRef<boolean | null>(null);
  const still = useMemo(() => window.matchMedia("(prefers-reduced-motion: reduce)").matches, []);
  const ease = still ? 0 : 180;
  const edge = useMemo(() => borders(layout), [layout]);

  const fit = useCallback((whole: boolean, duration = ease) => {
    const wide = edge.right - edge.left;
    const tall = edge.bottom - edge.top;
    const zoom = Math.min(1.1, Math.max(whole ? 0 : 0.2, (width - 32) / wide), whole ? (height - 24) / tall : Infinity);
    const overflows = !whole && tall * zoom > height - 24;
    void flow.setViewport({
      x: (width - wide * zoom) / 2 - edge.left * zoom, y: (overflows ? 12 : (height - tall * zoom) / 2) - edge.top * zoom, zoom,
    }, { duration });
  }, [flow, width, height, edge, ease]);

  useEffect(() => {
    editor.camera = {
      fit: () => fit(true),
      fitWidth: () => fit(false),
      zoom: (by) => void (by > 0 ? flow.zoomIn({ duration: ease }) : flow.zoomOut({ duration: ease })),
      centre: (node) => {
        const box = editor.layout?.boxes.get(node);
        if (box) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: Math.max(flow.getZoom(), READABLE), duration: ease });
      },
      toFlow: (x, y) => flow.screenToFlowPosition({ x, y }),
      pan: (dx, dy) => {
        const { x, y, zoom } = flow.getViewport();
        void flow.setViewport({ x: x + dx, y: y + dy, zoom });
      },
      scale: () => flow.getZoom(),
      middle: () => {
        const { x, y, zoom } = flow.getViewport();
        return { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom };
      },
    };
  }, [editor, flow, fit, ease, width, height]);

  useEffect(() => {
    if (!width || !height || fitted.current === turned) return;
    fitted.current = turned;
    editor.reveal = false;
    const wide = (width - 32) / (edge.right - edge.left);
    if (Math.min(wide, (height - 24) / (edge.bottom - edge.top)) >= READABLE) return fit(true, 0);
    if (wide >= READABLE) return fit(false, 0);
    const start = layout.boxes.get("(start)"); // too wide to be read as a whole: begin at the beginning
    const [x, y] = start ? [start.x + start.width / 2, start.y] : [(edge.left + edge.right) / 2, edge.top];
    const zoom = BEGIN_AT;
    void flow.setViewport(turned ? { x: 16 - edge.left * zoom, y: height / 2 - y * zoom, zoom } : { x: width / 2 - x * zoom, y: 12 - y * zoom, zoom });
  }, [editor, flow, layout, width, height, turned, edge, fit]);

  const selection = useEdit((e) => e.view.nodes);
  useEffect(() => {
    const last = editor.chosen.at(-1);
    const box = last === undefined ? undefined : layout.boxes.get(last);
    if (!editor.reveal || !box || !width) return;
    editor.reveal = false;
    const { x, y, zoom } = flow.getViewport();
    const margin = 14;
    const into = (low: number, size: number, room: number) => (low < margin ? margin - low : low + size > room - margin ? Math.max(margin - low, room - margin - low - size) : 0);
    const dx = into(box.x * zoom + x, box.width * zoom, width);
    const dy = into(box.y * zoom + y, box.height * zoom, height);
    if (dx || dy) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: ease });
  }, [selection, layout, editor, flow, width, height, ease]);
  return null;
}

function borders(layout: Layout): { left: number; top: number; right: number; bottom: number } {
  const found = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const box of layout.boxes.values()) {
    found.left = Math.min(found.left, box.x);
    found.top = Math.min(found.top, box.y);
    found.right = Math.max(found.right, box.x + box.width);
    found.bottom = Math.max(found.bottom, box.y + box.height);
  }
  return found.left === Infinity ? { left: 0, top: 0, right: 100, bottom: 100 } : found;
}

/** What is drawn over everything: the place where something will go, a transition on its way, the frame. */
function Over(): JSX.Element {
  const editor = useEditor();
  const { t } = editor.words;
  const load = useEdit((e) => e.view.load);
  const link = useEdit((e) => e.view.link);
  const band = useEdit((e) => e.view.band);
  const drop = load?.drop;
  const what = load && ("item" in load ? load.item.title : load.name);
  const branch = drop && "block" in drop.place && drop.place.block.endsWith("/Branches");
  const words = drop && what && ("after" in drop.place ? t("drop_after", { what, state: editor.name(drop.place.after) }) : t(branch ? "drop_branch" : "drop_here", { what }));
  const aim = link?.target ? editor.layout?.boxes.get(link.target) : undefined;
  const tip: Point | null = link ? (aim ? { x: aim.x + aim.width / 2, y: aim.y } : link.to) : null;
  return (
    <ViewportPortal>
      {drop && words && <div className="drop" style={{ transform: `translate(-50%,-50%) translate(${drop.at.x}px,${drop.at.y}px)` }}>+ {words}</div>}
      {(link || band) && (
        <svg className="drawing" aria-hidden="true">
          {link && tip && (
            <g className={link.caught ? "is-catch" : ""}>
              <path d={`M${link.from.x} ${link.from.y}C${link.from.x} ${(link.from.y + tip.y) / 2} ${tip.x} ${(link.from.y + tip.y) / 2} ${tip.x} ${tip.y}`} />
              <circle cx={tip.x} cy={tip.y} r={5} />
            </g>
          )}
          {band && <rect x={band.x} y={band.y} width={band.width} height={band.height} rx={4} />}
        </svg>
      )}
    </ViewportPortal>
  );
}

/** Lays out what is shown, in the background; until it is done the drawing before it stays. */
function useLayout(): { layout: Layout | null; shown: Editor["shown"] | null; across: boolean; failure: string | null } {
  const editor = useEditor();
  const shown = useEdit((e) => e.shown);
  const across = useEdit((e) => e.view.across);
  const otherwise = useEdit((e) => e.words.t("otherwise"));
  const [found, setFound] = useState<ReturnType<typeof useLayout>>({ layout: null, shown: null, across, failure: null });
  useEffect(() => {
    let here = true;
    const asked = performance.now();
    placed(shown, across, (edge) => (edge.kind === "default" ? otherwise : (edge.label ?? ""))).then(
      (layout) => {
        if (!here) return;
        editor.layout = shifted(editor, layout, across);
        editor.measured = performance.now() - asked;
        setFound({ layout: editor.layout, shown, across, failure: null });
      },
      (error: unknown) => here && setFound({ layout: null, shown: null, across, failure: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      here = false;
    };
  }, [editor, shown, across, otherwise]);
  return found;
}

function Drawing({ layout, shown, across }: { layout: Layout; shown: Editor["shown"]; across: boolean }) {
  const editor = useEditor();
  const dark = useEdit((e) => e.view.dark);
  const { nodes, edges } = useMemo(() => elements(editor, shown, layout, across), [editor, shown, layout, across]);
  return (
    <ReactFlow
      nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES} colorMode={dark ? "dark" : "light"}
      nodesDraggable={false} nodesConnectable={false} elementsSelectable={false} nodesFocusable={false} edgesFocusable={false}
      disableKeyboardA11y deleteKeyCode={null} selectionKeyCode={null} multiSelectionKeyCode={null} minZoom={0.05} maxZoom={2.5} zoomOnDoubleClick={false}
      onlyRenderVisibleElements={nodes.length > MANY} proOptions={{ hideAttribution: true }}
      className={nodes.length > MANY ? "many" : undefined}
      onPaneClick={(event) => event.shiftKey || editor.select([])}
    >
      <Background variant={BackgroundVariant.Dots} gap={18} size={1.4} />
      {shown.nodes.length >= MINIMAP_FROM && <MiniMap pannable zoomable nodeComponent={MiniNode} ariaLabel={null} style={{ width: 116, height: 84 }} offsetScale={2} />}
      <View layout={layout} turned={across} />
      <Over />
    </ReactFlow>
  );
}

export function Board(): JSX.Element {
  const editor = useEditor();
  const { t } = editor.words;
  const { layout, shown, across, failure } = useLayout();
  const told = useEdit((e) => e.view.told);
  const empty = useEdit((e) => e.shown.nodes.length === 0);
  const aimed = useEdit((e) => e.shown.nodes.length === 0 && e.view.load?.drop != null);
  return (
    <div className={`canvas board${aimed ? " aimed" : ""}`} tabIndex={0} role="application" aria-label={t("board_label")} data-laid={layout ? "" : undefined}
      ref={(element) => { editor.board = element; }}
      onPointerDown={(event) => {
        if (event.button !== 0 || !(event.target as Element).closest(".react-flow__pane")) return;
        editor.focus();
        if (event.shiftKey && editor.camera) frame(editor, event);
      }}
      onMouseDownCapture={(event) => {
        if (event.shiftKey && (event.target as Element).closest(".react-flow__pane")) event.stopPropagation();
      }}
      onContextMenu={(event) => {
        const [edge] = editor.view.edges;
        const node = editor.chosen.at(-1);
        if (event.button === 2 || (edge ?? node) === undefined) openMenu(editor, event, "pane", "");
        else openByKey(editor, event, edge === undefined ? "node" : "edge", (edge ?? node)!);
      }}>
      {empty ? <Starters /> : failure ? (
        <p className="note" role="alert">{t("layout_failed", { reason: failure })}</p>
      ) : layout && shown?.nodes.length ? (
        <ReactFlowProvider><Drawing layout={layout} shown={shown} across={across} /></ReactFlowProvider>
      ) : (
        <p className="note">{t("drawing")}</p>
      )}
      {told && <p className="told-bar" role="alert">{told}</p>}
    </div>
  );
}

