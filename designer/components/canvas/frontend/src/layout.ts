// From DOT text to places: Graphviz runs as WebAssembly in a worker, or here where a worker cannot be had.

import type { Asked, Told } from "./layouter";
import { read, type Answer, type Layout } from "./places";

export type { Box, Curve, Layout, Point } from "./places";

const known = new Map<string, Promise<Layout>>();
const KEPT = 8;

/** Places of nodes and clusters, curves of edges. The last few answers are kept. */
export function layOut(dot: string): Promise<Layout> {
  const before = known.get(dot);
  if (before) return before;
  const layout = ready().then((worker) => (worker ? away(worker, dot) : here(dot)));
  if (known.size >= KEPT) known.delete(known.keys().next().value as string);
  known.set(dot, layout);
  layout.catch(() => known.delete(dot));
  return layout;
}

let worker: Promise<Worker | null> | null = null;
let engine: Promise<{ layout(dot: string, format: "json"): string }> | null = null;
let count = 0;
const waiting = new Map<number, { dot: string; done: (layout: Layout | Promise<Layout>) => void; fail: (error: Error) => void }>();

/** The worker, on its way as soon as somebody may need it. */
export function ready(): Promise<Worker | null> {
  worker ??= import("./layouter").then(({ address }) => {
    const made = new Worker(address, { type: "module" });
    made.onmessage = ({ data }: MessageEvent<Told>) => {
      const one = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.layout) one?.done(data.layout);
      else one?.fail(new Error(data.failure));
    };
    made.onerror = () => {
      worker = Promise.resolve(null);
      for (const { dot, done } of waiting.values()) done(here(dot));
      waiting.clear();
    };
    return made;
  }).catch(() => null);
  return worker;
}

function away(to: Worker, dot: string): Promise<Layout> {
  return new Promise((done, fail) => {
    const id = ++count;
    waiting.set(id, { dot, done, fail });
    to.postMessage({ id, dot } satisfies Asked);
  });
}

async function here(dot: string): Promise<Layout> {
  engine ??= import("./graphviz").then(({ Graphviz }) => Graphviz.load());
  return read(JSON.parse((await engine).layout(dot, "json")) as Answer);
}
