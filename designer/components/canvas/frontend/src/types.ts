// What Python sends (payload.py describes it) and what it is told.

import type { Coverage } from "./coverage";
import type { Answers } from "./points";

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
  problems?: string[];
  severity?: "error" | "warning" | "hint" | null;
};
export type EdgeKind = "start" | "next" | "choice" | "default" | "catch" | "end";
export type GraphEdge = { id: string; source: string; target: string; kind: EdgeKind; label: string | null; title?: string; broken?: boolean };
export type GraphGroup = { id: string; node: string; label: string; parent: string | null };
export type GraphData = { nodes: GraphNode[]; edges: GraphEdge[]; groups: GraphGroup[]; dot: string };

/** kind, virtual ms, visit or -1, name, index of the value or -1, number of the history event or 0 */
export type Moment = [string, number, number, string | number | null, number, number];
export type TraceData = {
  values: Json[];
  frames: [string, number, number][];
  visits: [number, string][];
  moments: Moment[];
  events: string[];
  truths: Record<string, Truth[]>;
  /** by visit: the executions of a distributed Map */
  children: Record<number, Child[]>;
  /** place of the context object's Execution and StateMachine among the values */
  context: number;
  status: string;
  output: number;
  error: string | null;
  cause: string | null;
  startedAt: number;
  duration: number;
};
/** place among the executions of its visit, number of the item, status, ms, error */
export type Child = [number, number, string, number, string | null];
export type Place = { crumbs: { kind: "item" | "batch" | "execution"; name: string }[]; machine: string; place: number; siblings: Child[] };
/** holds (null: never asked), as written, what its variable named, the parts that it joins */
export type Truth = [boolean | null, string, string | null, Truth[]];

/** The trace on its way, in tables and columns. */
export type TravelTrace = Omit<TraceData, "values" | "visits" | "moments" | "events"> & {
  nodes: (string | unknown[])[];
  keys: string[][];
  values: unknown[];
  visits: { frame: number[]; state: number[]; ids: string[] };
  moments: {
    kind: number[]; kinds: string[]; at: number[]; visit: number[]; name: number[]; names: (string | number | null)[];
    value: number[]; event: number[];
  };
  events: number[];
  types: string[];
};
export type Packed = { id: string; plain?: TravelTrace; deflated?: string };

export type StateJson = { [field: string]: Json };
export type Props = {
  graph: GraphData;
  states: Record<string, StateJson>;
  language: string;
  trace: Packed | null;
  texts: Record<string, string>;
  locale: string;
  height: number | "window" | "stretch";
  start: { cursor: number | null; selected: string | null; order?: number };
  problems: boolean;
  reports: { cursor: boolean; select: boolean; ask: boolean };
  answer?: Answer | null;
  /** machines whose execution can be opened, by the visit that started it */
  nested?: Record<number, string>;
  /** child executions can be gone into */
  dives?: boolean;
  /** the child execution that this is */
  place?: Place | null;
  /** what Python answers about conditions and watches; null where it cannot be asked */
  points?: Answers | null;
  /** what the scenarios went through, while they are looked at */
  coverage?: Coverage | null;
  /** the graph is drawn on (editing.py) */
  edit?: EditProps;
  /** the edit that this message answers */
  heard?: number | null;
};

/** An item of the palette. */
export type Item = { id: string; group: string; title: string; caption: string; type: string; service: string };
export type EditProps = {
  rev: number;
  document: Json;
  palette: Item[];
  found: Item[] | null;
  sought: string;
  selected: string[];
  canUndo: boolean;
  canRedo: boolean;
  say: string;
};

/** Where a value came from (origins.py): latest first. */
export type Link = { moment: number; node: string | null; path: string; field: string; expression: Json; through: string[] };
export type Answer = { seq: number; origin: string; exact: boolean; steps: Link[]; sources: Link[][] };

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
