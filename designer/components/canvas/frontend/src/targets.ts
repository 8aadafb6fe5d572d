// What lies under the mouse: geometry over the layout, without asking the browser's elements, so that it is the same at every
// zoom and for what is not rendered.

import { emptyPlace, type Shown } from "./dot";
import type { Box, Curve, Layout, Point } from "./layout";

/** Where something goes: between the two ends of an edge, behind a state, or into a flow (that of the root is ""). */
export type Place = { edge: string } | { after: string } | { block: string };

const CLOSE = 20;
const FAR = 110;
const PIECES = 8;

/** The place at a point of the drawing, and where to say so. `moving`: states that are dragged, which are no place themselves. */
export function dropAt(shown: Shown, layout: Layout, point: Point, scale: number, moving: ReadonlySet<string>): { place: Place; at: Point } | null {
  const isMoved = (id: string) => moving.has(id) || [...moving].some((node) => id.startsWith(`${node}/`));
  const edges = shown.edges.filter((edge) => !isMoved(edge.source) && !isMoved(edge.target));
  for (const node of shown.nodes) {
    const box = layout.boxes.get(node.id);
    if (!box || !within(box, point)) continue;
    if (isMoved(node.id)) return null;
    if (node.type === "Start" || node.type === "End") {
      const edge = edges.find((one) => (node.type === "Start" ? one.source : one.target) === node.id);
      return edge ? { place: { edge: edge.id }, at: middle(layout.curves.get(edge.id), box) } : null;
    }
    return { place: { after: node.id }, at: { x: box.x + box.width / 2, y: box.y + box.height } };
  }
  const reach = FAR / scale;
  let best: { edge: string; at: Point; far: number } | null = null;
  for (const edge of edges) {
    const curve = layout.curves.get(edge.id);
    if (!curve) continue;
    const label = curve.label && edge.label ? { x: curve.label.x - 40, y: curve.label.y - 10, width: 80, height: 20 } : null;
    const far = label && within(label, point) ? 0 : distance(curve, point);
    if (far < (best?.far ?? reach)) best = { edge: edge.id, at: middle(curve), far };
  }
  if (best && best.far <= CLOSE / scale) return { place: { edge: best.edge }, at: best.at };
  let inner: { block: string; box: Box } | null = null;
  for (const group of shown.groups) {
    const box = layout.boxes.get(group.id);
    if (!box || !within(box, point) || isMoved(group.node)) continue;
    if (!inner || box.width * box.height < inner.box.width * inner.box.height) inner = { block: group.id, box };
  }
  if (inner) {
    const { block, box } = inner;
    const empty = layout.boxes.get(emptyPlace(block));
    return { place: { block }, at: empty ? { x: empty.x + empty.width / 2, y: empty.y + empty.height / 2 } : { x: box.x + box.width / 2, y: box.y + box.height - 6 } };
  }
  if (best) return { place: { edge: best.edge }, at: best.at };
  return shown.nodes.length === 0 ? { place: { block: "" }, at: point } : null;
}

/** The state at a point, with some room around it. */
export function nodeAt(shown: Shown, layout: Layout, point: Point, room = 6): string | null {
  for (const node of shown.nodes) {
    const box = layout.boxes.get(node.id);
    if (box && within({ x: box.x - room, y: box.y - room, width: box.width + 2 * room, height: box.height + 2 * room }, point)) return node.id;
  }
  return null;
}

export const within = (box: Box, { x, y }: Point): boolean => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

export const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

/** The point halfway along a curve. */
export function middle(curve: Curve | undefined, box?: Box): Point {
  if (!curve) return box ? { x: box.x + box.width / 2, y: box.y + box.height } : { x: 0, y: 0 };
  const line = sampled(curve);
  const lengths = line.slice(1).map((point, i) => Math.hypot(point.x - line[i].x, point.y - line[i].y));
  let rest = lengths.reduce((sum, one) => sum + one, 0) / 2;
  for (let i = 0; i < lengths.length; i++) {
    if (rest <= lengths[i]) {
      const part = lengths[i] ? rest / lengths[i] : 0;
      return { x: line[i].x + part * (line[i + 1].x - line[i].x), y: line[i].y + part * (line[i + 1].y - line[i].y) };
    }
    rest -= lengths[i];
  }
  return line[line.length - 1];
}

function distance(curve: Curve, point: Point): number {
  const line = sampled(curve);
  let best = Infinity;
  for (let i = 0; i + 1 < line.length; i++) best = Math.min(best, toPiece(line[i], line[i + 1], point));
  return best;
}

const sampledOf = new WeakMap<Curve, Point[]>();

/** The curve as a line of short pieces. */
function sampled(curve: Curve): Point[] {
  const known = sampledOf.get(curve);
  if (known) return known;
  const [start, ...rest] = curve.points;
  const line = [start];
  for (let i = 0; i + 2 < rest.length; i += 3) {
    const from = line[line.length - 1];
    for (let k = 1; k <= PIECES; k++) line.push(bezier(from, rest[i], rest[i + 1], rest[i + 2], k / PIECES));
  }
  if (curve.tip) line.push(curve.tip);
  sampledOf.set(curve, line);
  return line;
}

function bezier(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const s = 1 - t;
  const mix = (p: number, q: number, r: number, u: number) => s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * u;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}

function toPiece(a: Point, b: Point, p: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const along = dx || dy ? Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}
