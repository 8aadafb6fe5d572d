// A trace made ready for looking: which moments are steps, what each visit went through, and the status of every node at
// every moment as a list of changes, so that a jump is a binary search however long the run was.

import { rowOf } from "./rows";
import type { Json, Moment, Props, StateJson, Status, TraceData } from "./types";
import { unpack } from "./unpack";

export type Visit = {
  id: number;
  frame: number;
  node: string;
  /** indices of its moments */
  moments: number[];
  /** place among the visits of its node */
  turn: number;
  error: [string, string] | null;
  /** how it was left, null while it is open */
  ended: Status | null;
};

export type NodeStatus = { from: number; status: Status; visits: number; tries: number; error: string | null };

const NOT_RUN: NodeStatus = { from: -1, status: "notrun", visits: 0, tries: 0, error: null };
const OPEN: ReadonlySet<Status> = new Set(["running", "retrying", "waiting"]);

export class Run {
  readonly moments: Moment[];
  readonly visits: Visit[];
  /** moment of each step, and step at or before each moment */
  readonly steps: number[] = [];
  readonly stepAt: Int32Array;
  /** steps at which a visit begins, then the last step */
  readonly borders: number[] = [];
  /** steps that change data, take a way or leave an error */
  readonly changes: number[] = [];
  readonly nodes = new Map<string, NodeStatus[]>();
  readonly visitsOf = new Map<string, number[]>();
  /** edge → the moment it is first taken */
  readonly taken = new Map<string, number>();
  readonly errors: number[] = [];
  readonly catches: number[] = [];
  readonly retries: number[] = [];
  /** number of the last event up to each moment */
  readonly eventsAt: Int32Array;
  readonly momentOfEvent: Int32Array;
  readonly assigns: boolean;

  /** frames by the visit that opened them */
  readonly framesOf = new Map<number, number[]>();
  /** distributed Maps as the beginning of the ids inside them, each with the moment at which its executions began */
  private readonly apart: [string, number][] = [];
  /** visits by their frame */
  readonly visitsIn = new Map<number, number[]>();

  constructor(readonly trace: TraceData, readonly states: Record<string, StateJson>, private readonly language = "JSONPath") {
    const { moments } = trace;
    this.moments = moments;
    this.visits = trace.visits.map(([frame, node], id) => {
      const of = this.visitsOf.get(node) ?? [];
      this.visitsOf.set(node, of);
      of.push(id);
      return { id, frame, node, moments: [], turn: of.length - 1, error: null, ended: null };
    });
    trace.frames.forEach(([, parent], frame) => {
      if (parent >= 0) grouped(this.framesOf, parent, frame);
    });
    for (const visit of this.visits) grouped(this.visitsIn, visit.frame, visit.id);
    moments.forEach((moment, at) => {
      if (moment[2] >= 0) this.visits[moment[2]].moments.push(at);
    });
    for (const [id, found] of Object.entries(trace.children ?? {})) {
      const visit = this.visits[Number(id)];
      if (found.length) this.apart.push([`${visit.node}/`, visit.moments.find((at) => moments[at][0] === "mapRunStarted") ?? visit.moments[0]]);
    }
    this.stepAt = new Int32Array(moments.length);
    this.eventsAt = new Int32Array(moments.length);
    this.momentOfEvent = new Int32Array(trace.events.length + 1).fill(-1);
    this.number();
    this.colour();
    this.assigns = moments.some(([kind]) => kind === "assigned");
  }

  value(index: number): Json {
    return index < 0 ? null : this.trace.values[index];
  }

  typeOf(node: string): string {
    const type = this.states[node]?.Type;
    return typeof type === "string" ? type : "";
  }

  languageOf(node: string): string {
    const own = this.states[node]?.QueryLanguage;
    return typeof own === "string" ? own : this.language;
  }

  /** The moment at which the last state of the execution itself was left. */
  lastExit(): number | undefined {
    const id = this.visitsIn.get(0)?.at(-1);
    return id === undefined ? undefined : this.visits[id].moments.findLast((at) => this.moments[at][0] === "exited");
  }

  /** Steps, borders, events: everything that is counted. */
  private number(): void {
    let event = 0;
    let before = new Map<number, number>();
    this.moments.forEach((moment, at) => {
      const [kind, , visit, , value, number] = moment;
      if (number > 0) {
        event = number;
        if (number < this.momentOfEvent.length) this.momentOfEvent[number] = at;
      }
      this.eventsAt[at] = event;
      const last = at === this.moments.length - 1;
      if (isStep(this, moment) || last) {
        if (kind === "entered" || last) this.borders.push(this.steps.length);
        if (kind !== "stage" || before.get(visit) !== value) this.changes.push(this.steps.length);
        this.steps.push(at);
      }
      if (visit >= 0 && (kind === "stage" || kind === "entered")) before.set(visit, value);
      this.stepAt[at] = Math.max(0, this.steps.length - 1);
    });
  }

  /** Status of nodes and ways taken, in one pass. */
  private colour(): void {
    const { moments, trace } = this;
    const now = new Map<string, { open: Map<number, Status>; failed: number; last: Status; visits: number }>();
    const tries = new Map<number, number>();
    const caught = new Map<number, number>();
    const rule = new Map<number, string>();
    const begun = new Set<number>();
    const lostJoins = new Set<number>(); // what failed within a branch or iteration is also told to have been aborted
    const ends = this.lost();
    const note = (visit: number, at: number, status: Status) => {
      const { node, frame } = this.visits[visit];
      this.visits[visit].ended = OPEN.has(status) || moments[at][0] === "caught" ? null : status;
      let state = now.get(node);
      if (!state) now.set(node, (state = { open: new Map(), failed: 0, last: "running", visits: 0 }));
      if (OPEN.has(status)) {
        if (!state.open.has(visit)) state.visits++;
        state.open.set(visit, status);
      } else if (!(status === "caught" && moments[at][0] === "caught")) {
        state.open.delete(visit);
        if (status === "failed" && this.trace.frames[frame][0] === "iteration") state.failed++;
      } else state.open.set(visit, status);
      state.last = status;
      const open = [...state.open.values()].at(-1);
      const list = this.nodes.get(node) ?? [];
      this.nodes.set(node, list);
      const error = this.visits[visit].error;
      list.push({
        from: at,
        status: open ?? (state.failed ? "failed" : status),
        visits: state.visits,
        tries: tries.get(visit) ?? 0,
        error: status === "caught" || status === "failed" ? (error?.[0] ?? null) : null,
      });
    };
    const each = ([kind, , visit, name, value]: Moment, at: number) => {
      if (visit < 0) return;
      const of = this.visits[visit];
      if (kind === "failed" || kind === "timedOut" || kind === "evaluationFailed" || kind === "caught") {
        const told = this.value(value) as Json[];
        of.error = [String(told?.[0] ?? ""), String(told?.[1] ?? "")];
      }
      if (kind === "entered") {
        note(visit, at, "running");
        if (!begun.has(of.frame)) {
          begun.add(of.frame);
          this.take(`${of.node.slice(0, of.node.lastIndexOf(`/States/${name}`))}/StartAt`, at);
        }
      } else if (kind === "scheduled") {
        tries.set(visit, (tries.get(visit) ?? 0) + 1);
        note(visit, at, "running");
      } else if (kind === "retry") {
        this.retries.push(at);
        of.error = null;
        note(visit, at, "retrying");
      } else if (kind === "parked") note(visit, at, "waiting");
      else if (kind === "failed" || kind === "timedOut" || kind === "evaluationFailed") {
        this.errors.push(at);
      } else if (kind === "rule") rule.set(visit, value < 0 ? "Default" : `Choices[${this.value(value)}]`);
      else if (kind === "caught") {
        this.catches.push(at);
        caught.set(visit, Number(name));
        note(visit, at, "caught");
      } else if (kind === "joined" && name === "failed") lostJoins.add(visit);
      else if (kind === "aborted") note(visit, at, of.error || lostJoins.has(visit) ? "failed" : "canceled");
      else if (kind === "exited") {
        const catcher = caught.get(visit);
        note(visit, at, catcher === undefined ? "succeeded" : "caught");
        const way = catcher !== undefined ? `Catch[${catcher}]` : rule.get(visit);
        for (const step of way ? [way] : ["Next", "End"]) this.take(`${of.node}/${step}`, at);
      }
    };
    moments.forEach((moment, at) => {
      each(moment, at);
      for (const [lost, as] of ends.get(at) ?? []) {
        const visit = this.visits[lost];
        if (as === "failed") {
          if (!visit.error && trace.error !== null) visit.error = [trace.error, trace.cause ?? ""];
          if (!this.errors.some((error) => error <= at && error >= visit.moments[0])) this.errors.push(at);
        }
        note(lost, at, as);
      }
    });
  }

  /** Visits that were never left, by the moment that settles them: what failed, and what was stopped with the run. */
  private lost(): Map<number, [number, Status][]> {
    const found = new Map<number, [number, Status][]>();
    const { moments, trace } = this;
    if (trace.status === "WAITING" || moments.length === 0) return found;
    const open = new Set<number>();
    for (const visit of this.visits) {
      const kinds = visit.moments.map((at) => moments[at][0]);
      if (!kinds.includes("exited") && !kinds.includes("aborted")) open.add(visit.id);
    }
    const end = moments[moments.length - 1];
    const blamed = new Set<number>();
    if (trace.status === "FAILED") {
      for (let at = end[2]; at >= 0; at = trace.frames[this.visits[at].frame][1]) blamed.add(at);
    }
    for (const id of open) {
      const visit = this.visits[id];
      const parent = trace.frames[visit.frame][1];
      const failed = blamed.has(id) || (parent >= 0 && (!open.has(parent) || parent === end[2]));
      const own = visit.moments.filter((at) => moments[at][0] !== "ended");
      const at = failed ? own[own.length - 1] : moments.length - 1;
      const as: Status = failed ? "failed" : trace.status === "TIMED_OUT" ? "timedout" : "canceled";
      found.set(at, [...(found.get(at) ?? []), [id, as]]);
    }
    return found;
  }

  private take(edge: string, at: number): void {
    if (!this.taken.has(edge)) this.taken.set(edge, at);
  }

  /** Is this a state of child executions that have begun? They are runs of their own, and this one says nothing of them. */
  inChildren(node: string, moment: number): boolean {
    return this.apart.some(([within, began]) => node.startsWith(within) && began <= moment);
  }

  /** The status of a node as it stands at a moment. */
  statusOf(node: string, moment: number): NodeStatus {
    const list = this.nodes.get(node);
    if (!list || list[0].from > moment) return NOT_RUN;
    let low = 0;
    let high = list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (list[middle].from <= moment) low = middle;
      else high = middle - 1;
    }
    return list[low];
  }

  /** The visit that a moment shows; null for the execution as a whole. */
  visitAt(moment: number): Visit | null {
    const id = this.moments[moment][2];
    return id < 0 ? null : this.visits[id];
  }

  /** The visit before this one, or after it, in the same line of work. */
  beside(visit: Visit, by: 1 | -1): Visit | null {
    const line = this.visitsIn.get(visit.frame)!;
    const id = line[line.indexOf(visit.id) + by];
    return id === undefined ? null : this.visits[id];
  }

  /** Errors of a state; of one that fails only by what failed within it, the moment at which it did. */
  errorsOf(node: string): number[] {
    const told = new Map<number, number[]>();
    for (const at of this.errors) grouped(told, this.moments[at][2], at);
    return (this.visitsOf.get(node) ?? []).flatMap((id) => {
      const own = this.visits[id].moments;
      const found = told.get(id);
      if (found) return found;
      const caught = own.find((at) => this.moments[at][0] === "caught");
      return caught ?? (this.visits[id].ended === "failed" ? own.at(-1)! : []);
    });
  }

  /** How a branch or an item came out. */
  outcome(frame: number): Status {
    const ends = (this.visitsIn.get(frame) ?? []).map((id) => this.visits[id].ended);
    for (const status of ["failed", "timedout", "canceled"] as const) if (ends.includes(status)) return status;
    return ends.length === 0 ? "notrun" : ends.includes(null) ? "running" : "succeeded";
  }

  /** The moment at which a variable got the value that a line of work sees at `moment`; -1 for none. */
  assignedAt(frame: number, moment: number, name: string): number {
    const lines = this.linesAround(frame);
    for (let at = moment; at >= 0; at--) {
      const [kind, , visit, , value] = this.moments[at];
      if (kind === "assigned" && lines.has(this.visits[visit].frame) && name in (this.value(value) as object)) return at;
    }
    return -1;
  }

  private linesAround(frame: number): Set<number> {
    const lines = new Set([frame]);
    for (let at = frame; at > 0; ) {
      const parent = this.trace.frames[at][1];
      at = parent < 0 ? 0 : this.visits[parent].frame;
      lines.add(at);
    }
    return lines;
  }

  /** Frames from the execution inwards: (kind, index), without the execution itself. */
  address(frame: number): { kind: string; index: number }[] {
    const found: { kind: string; index: number }[] = [];
    for (let at = frame; at > 0; ) {
      const [kind, parent, index] = this.trace.frames[at];
      found.unshift({ kind, index });
      at = parent < 0 ? 0 : this.visits[parent].frame;
    }
    return found;
  }

  /** The context object as a visit sees it at a moment. */
  context(visit: Visit, moment: number): Json {
    const base = this.value(this.trace.context) as { [key: string]: Json };
    const seen = visit.moments.filter((at) => at <= moment).map((at) => this.moments[at]);
    const entered = new Date(this.trace.startedAt + this.moments[visit.moments[0]][1]).toISOString();
    const state: { [key: string]: Json } = { EnteredTime: entered, Name: visit.node.slice(visit.node.lastIndexOf("/States/") + 8) };
    if (["Task", "Parallel", "Map"].includes(this.typeOf(visit.node))) state.RetryCount = seen.filter(([kind]) => kind === "retry").length;
    const context: { [key: string]: Json } = { ...base, State: state };
    const call = seen.findLast(([kind]) => kind === "scheduled");
    const token = call && (this.value(call[4]) as { token?: Json }).token;
    if (token) context.Task = { Token: token };
    for (let frame = visit.frame; frame > 0; ) {
      const [kind, parent, index] = this.trace.frames[frame];
      if (kind === "iteration") {
        const items = this.visits[parent].moments.filter((at) => this.moments[at][0] === "entered" || ITEMS.has(String(this.moments[at][3]))).at(-1);
        const list = items === undefined ? null : this.value(this.moments[items][4]);
        context.Map = { Item: { Index: index, Value: Array.isArray(list) ? (list[index] ?? null) : null } };
        break;
      }
      frame = parent < 0 ? 0 : this.visits[parent].frame;
    }
    return context;
  }

  /** Variables that a line of work sees at a moment, outer ones first. */
  variables(frame: number, moment: number): { [name: string]: Json } {
    const lines = this.linesAround(frame);
    const found: { [name: string]: Json } = {};
    if (!this.assigns) return found;
    for (let at = 0; at <= moment; at++) {
      const [kind, , visit, , value] = this.moments[at];
      if (kind === "assigned" && lines.has(this.visits[visit].frame)) Object.assign(found, this.value(value));
    }
    return found;
  }
}

function grouped(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function isStep(run: Run, moment: Moment): boolean {
  if (moment[2] < 0) return true;
  const node = run.visits[moment[2]].node;
  return rowOf(moment, run.typeOf(node), run.states[node] ?? {}) !== null && !SILENT.has(moment[0]);
}

const ITEMS = new Set(["afterInputPath", "afterItemsPath"]);
const SILENT = new Set(["begun", "joined", "stopping"]);

export const runOf = (props: Props): Run | null => (props.trace ? new Run(unpack(props.trace), props.states, props.language) : null);
