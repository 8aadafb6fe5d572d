// The graph as DOT text, for a canvas that folds and turns it: the same drawing as engine.graph.dot makes, with the states of
// folded groups left out and a place to drop something in a flow that is still empty. Nodes are named by their place in the
// graph and so are edges; what they stand for is put back when the layout comes.

import { layOut, type Layout } from "./layout";
import type { EdgeKind, GraphEdge, GraphGroup, GraphNode } from "./types";

export type Shown = { nodes: GraphNode[]; edges: GraphEdge[]; groups: GraphGroup[] };

/** The place in a group that has no state: it is laid out like one. */
export const emptyPlace = (group: string): string => `${group}(empty)`;
export const EMPTY = { width: 150, height: 40 };

const STYLES: Partial<Record<EdgeKind, string>> = { default: ",style=dashed", catch: ",style=dashed" };
/** From so many states on, Graphviz looks less long for the shortest arrows: half the time, and hardly another picture. */
const MANY = 400;

/** `label` gives the text of an edge as it will be drawn. */
export function dotOf({ nodes, edges, groups }: Shown, across: boolean, label: (edge: GraphEdge) => string): string {
  const names = new Map(nodes.map((node, i) => [node.id, `n${i}`]));
  const boxes = new Map<string, number>();
  groups.forEach((group, i) => {
    if (!boxes.has(group.node)) boxes.set(group.node, i);
  });
  const places = new Map(groups.map((group, i) => [group.id, i]));
  const ofGroup = gathered(nodes, (node) => node.group);
  const within = gathered(groups, (group) => group.parent);
  const lines = [
    `digraph{rankdir=${across ? "LR" : "TB"};compound=true;nodesep=.4;ranksep=.58;node[shape=box,label="",fixedsize=true];edge[fontsize=12,arrowsize=.7,fontname="sans-serif"]`,
  ];
  if (nodes.length > MANY) lines.push("nslimit=1;nslimit1=1");
  const fill = (group: string | null): void => {
    for (const node of ofGroup.get(group) ?? []) lines.push(`${names.get(node.id)}[${size(node)}]`);
    for (const inner of within.get(group) ?? []) {
      const at = places.get(inner.id)!;
      lines.push(`subgraph cluster_g${at}{label=${quoted(inner.label)};fontsize=10`);
      if (isEmpty(inner.id, ofGroup, within)) lines.push(`h${at}[${size(EMPTY)}]`);
      fill(inner.id);
      if (boxes.get(inner.node) === at) lines.push(`x${at}[shape=point,style=invis,width=0,fixedsize=false]`);
      lines.push("}");
    }
  };
  fill(null);
  const exit = (node: string) => (boxes.has(node) ? `x${boxes.get(node)}` : undefined);
  const around = new Map(groups.map((group) => [group.id, group]));
  for (const node of nodes as (GraphNode & { ends?: boolean })[]) {
    const own = node.group === null ? undefined : around.get(node.group);
    if (node.ends && own && own.node !== node.id) lines.push(`${exit(node.id) ?? names.get(node.id)}->${exit(own.node)}[style=invis]`);
    else if (node.ends && exit(node.id) && own?.parent) lines.push(`${exit(node.id)}->${exit(around.get(own.parent)!.node)}[style=invis]`);
  }
  for (const group of groups) {
    if (!isEmpty(group.id, ofGroup, within)) continue;
    lines.push(`${names.get(group.node)}->h${places.get(group.id)}[style=invis]`, `h${places.get(group.id)}->${exit(group.node)}[style=invis]`);
  }
  edges.forEach((edge, i) => {
    const itself = edge.source === edge.target;
    let tail = names.get(edge.source);
    let look = STYLES[edge.kind] ?? "";
    if (exit(edge.source) && edge.kind !== "start" && !itself) {
      tail = exit(edge.source);
      look += `,ltail=cluster_g${boxes.get(edge.source)}`;
    }
    if (boxes.has(edge.target) && !itself) look += `,lhead=cluster_g${boxes.get(edge.target)}`;
    const text = label(edge);
    lines.push(`${tail}->${names.get(edge.target)}[id=e${i}${text ? `,label=${quoted(text)}` : ""}${look}]`);
  });
  return `${lines.join("\n")}}`;
}

/** Places by the identities of the graph. */
export async function placed(shown: Shown, across: boolean, label: (edge: GraphEdge) => string): Promise<Layout> {
  const found = await layOut(dotOf(shown, across, label));
  const boxes: Layout["boxes"] = new Map();
  const curves: Layout["curves"] = new Map();
  const put = (id: string, name: string) => {
    const box = found.boxes.get(name);
    if (box) boxes.set(id, box);
  };
  shown.nodes.forEach((node, i) => put(node.id, `n${i}`));
  shown.groups.forEach((group, i) => {
    put(group.id, `cluster_g${i}`);
    put(emptyPlace(group.id), `h${i}`);
  });
  shown.edges.forEach((edge, i) => {
    const curve = found.curves.get(`e${i}`);
    if (curve) curves.set(edge.id, curve);
  });
  return { ...found, boxes, curves };
}

/** The graph with the insides of some Parallel and Map states left out, and how many states each of them holds. */
export function folded({ nodes, edges, groups }: Shown, shut: ReadonlySet<string>): Shown & { held: Map<string, number> } {
  const held = new Map<string, number>();
  if (shut.size === 0) return { nodes, edges, groups, held };
  const around = new Map(groups.map((group) => [group.id, group]));
  /** The outermost folded state around a group. */
  const inside = (group: string | null): string | null => {
    let found: string | null = null;
    for (let at = group === null ? undefined : around.get(group); at; at = at.parent === null ? undefined : around.get(at.parent)) {
      if (shut.has(at.node)) found = at.node;
    }
    return found;
  };
  const kept: GraphNode[] = [];
  for (const node of nodes) {
    const holder = inside(node.group);
    if (holder === null) kept.push(node);
    else if (holder === node.id) {
      let group = node.group;
      while (group !== null && around.get(group)!.node === node.id) group = around.get(group)!.parent;
      kept.push({ ...node, group });
    } else held.set(holder, (held.get(holder) ?? 0) + 1);
  }
  const ids = new Set(kept.map((node) => node.id));
  return {
    nodes: kept,
    edges: edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
    groups: groups.filter((group) => inside(group.id) === null),
    held,
  };
}

function isEmpty(group: string, ofGroup: Map<string | null, GraphNode[]>, within: Map<string | null, GraphGroup[]>): boolean {
  if (within.has(group)) return false;
  const owner = /^(.*)\/(?:ItemProcessor|Iterator)$/.exec(group)?.[1];
  return (ofGroup.get(group) ?? []).every((node) => node.id === owner) && !group.endsWith("/Branches");
}

function gathered<T>(items: T[], by: (item: T) => string | null): Map<string | null, T[]> {
  const found = new Map<string | null, T[]>();
  for (const item of items) {
    const list = found.get(by(item));
    if (list) list.push(item);
    else found.set(by(item), [item]);
  }
  return found;
}

const size = ({ width, height }: { width: number; height: number }) => `width=${(width / 72).toFixed(4)},height=${(height / 72).toFixed(4)}`;
const quoted = (text: string) => `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
