// A chunk that is two things: on the page it tells its own address, and started from there as a worker it lays graphs out,
// so that a graph of a thousand states does not freeze what somebody is doing.

import { read, type Answer } from "./places";

export const address = import.meta.url;

export type Asked = { id: number; dot: string };
export type Told = { id: number; layout?: ReturnType<typeof read>; failure?: string };

if (typeof document === "undefined") {
  const engine = import("./graphviz").then(({ Graphviz }) => Graphviz.load());
  self.onmessage = ({ data }: MessageEvent<Asked>) => {
    const { id, dot } = data;
    engine.then((graphviz) => read(JSON.parse(graphviz.layout(dot, "json")) as Answer)).then(
      (layout) => self.postMessage({ id, layout } satisfies Told),
      (error: unknown) => self.postMessage({ id, failure: error instanceof Error ? error.message : String(error) } satisfies Told),
    );
  };
}
