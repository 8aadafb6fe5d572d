// What Python sends (payload.py describes it) and what it is told.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type GraphNode = {
  id: string;
  name: string;
  type: string;
  caption: string | null;
  service?: string;
  group: string | null;
  broken: string | null;
  lines: string[];
  width: number;
  height: number;
};
export type EdgeKind = "start" | "next" | "choice" | "default" | "catch" | "end";
export type GraphEdge = { id: string; source: string; target: string; kind: EdgeKind; label: string | null; title?: string; broken?: boolean };
export type GraphGroup = { id: string; node: string; label: string; parent: string | null };
export type GraphData = { nodes: GraphNode[]; edges: GraphEdge[]; groups: GraphGroup[]; dot: string };

/** kind, virtual ms, visit or -1, name, index of the value or -1, number of the history event or 0 */
export type Moment = [string, number, number, string | number | null, number, number];
export type TraceData = {
  version: 1;
  values: Json[];
  frames: [string, number, number][];
  visits: [number, string, number][];
  moments: Moment[];
  events: string[];
  status: string;
  output: number;
  error: string | null;
  cause: string | null;
  startedAt: number;
  duration: number;
};

export type StateJson = { [field: string]: Json };
export type Props = {
  graph: GraphData;
  states: Record<string, StateJson>;
  trace: TraceData | null;
  texts: Record<string, string>;
  locale: string;
  height: number | "window";
  start: { cursor: number | null; selected: string | null };
  problems: boolean;
  reports: { cursor: boolean; select: boolean };
};

export type Status =
  | "notrun"
  | "running"
  | "retrying"
  | "waiting"
  | "succeeded"
  | "failed"
  | "caught"
  | "canceled"
  | "timedout";
