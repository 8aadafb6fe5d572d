// Graphviz' answer, read into plain boxes and curves. Runs in the worker, or on the page where there is none.

export type Point = { x: number; y: number };
export type Box = { x: number; y: number; width: number; height: number };
export type Curve = { path: string; points: Point[]; tip: Point | null; from: Point; label: Point | null };
export type Layout = { width: number; height: number; boxes: Map<string, Box>; curves: Map<string, Curve> };

type Item = { name: string; id?: string; bb?: string; pos?: string; width?: string; height?: string };
type Arrow = { id?: string; tail: number; head: number; pos?: string; lp?: string };
export type Answer = { bb: string; objects?: (Item & { _gvid: number })[]; edges?: Arrow[] };

/** Places of nodes and clusters by their `id` or name, curves of edges by their `id`. */
export function read(answer: Answer): Layout {
  const [, , width, height] = numbers(answer.bb);
  const boxes = new Map<string, Box>();
  const flip = (x: number, y: number): Point => ({ x, y: height - y });
  for (const item of answer.objects ?? []) {
    const id = item.id ?? item.name;
    if (item.pos && item.width && item.height) {
      const [x, y] = numbers(item.pos);
      const size = { width: 72 * Number(item.width), height: 72 * Number(item.height) };
      boxes.set(id, { x: x - size.width / 2, y: height - y - size.height / 2, ...size });
    } else if (item.bb) {
      const [left, low, right, high] = numbers(item.bb);
      boxes.set(id, { x: left, y: height - high, width: right - left, height: high - low });
    }
  }
  const curves = new Map<string, Curve>();
  for (const arrow of answer.edges ?? []) {
    if (!arrow.pos || !arrow.id) continue;
    let tip: Point | null = null;
    const points: Point[] = [];
    for (const part of arrow.pos.split(" ")) {
      if (part.startsWith("e,")) tip = flip(...pair(part.slice(2)));
      else if (!part.startsWith("s,")) points.push(flip(...pair(part)));
    }
    curves.set(arrow.id, {
      path: drawn(points),
      points,
      tip,
      from: points[points.length - 1],
      label: arrow.lp ? flip(...pair(arrow.lp)) : null,
    });
  }
  return { width, height, boxes, curves };
}

/** A start and cubic pieces of three points each, as an SVG path. */
export function drawn([first, ...rest]: Point[]): string {
  const at = (p: Point) => `${round(p.x)} ${round(p.y)}`;
  const path = [`M${at(first)}`];
  for (let i = 0; i + 2 < rest.length; i += 3) path.push(`C${at(rest[i])} ${at(rest[i + 1])} ${at(rest[i + 2])}`);
  return path.join("");
}

const numbers = (text: string) => text.split(",").map(Number);
const pair = (text: string) => numbers(text) as [number, number];
const round = (x: number) => Math.round(x * 10) / 10;
