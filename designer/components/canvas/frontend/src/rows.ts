// The ladder: what a visit went through, as rows in the order of the data's way, at one moment.

import type { Run, Visit } from "./run";
import type { Json, Moment, StateJson } from "./types";

export type RowKey = string;
export type Row = {
  key: RowKey;
  /** key of a text, or an ASL field that keeps its name */
  title: { text: string } | { field: string };
  expression: Json | undefined;
  moments: number[];
};

const WITH_PARAMETERS = new Set(["Task", "Pass", "Parallel", "Map"]);
const WITH_RESULT = new Set(["Task", "Parallel", "Map"]);
const WITH_PATHS = new Set(["Task", "Pass", "Parallel", "Map", "Choice", "Wait", "Succeed"]);

type Face = { key: RowKey; title: Row["title"]; expression?: Json };
const field = (name: string, state: StateJson, key = name): Face => ({ key, title: { field: name }, expression: state[name] });
const text = (name: string, expression?: Json): Face => ({ key: name, title: { text: name }, expression });

const STAGES: Record<string, (type: string, state: StateJson) => Face | null> = {
  afterInputPath: (type, state) => (WITH_PATHS.has(type) ? field("InputPath", state) : null),
  afterParameters: (type, state) =>
    type === "Fail" ? text("error", pick(state, ["Error", "ErrorPath", "Cause", "CausePath"]))
    : WITH_PARAMETERS.has(type) ? field("Parameters", state) : null,
  afterArguments: (type, state) =>
    type === "Fail" ? text("error", pick(state, ["Error", "Cause"]))
    : type === "Wait" ? null
    : WITH_RESULT.has(type) ? field("Arguments", state) : null,
  afterItemsPath: (_, state) => field("Items" in state ? "Items" : "ItemsPath", state, "Items"),
  afterItemSelector: (_, state) => field("Parameters" in state ? "Parameters" : "ItemSelector", state, "ItemSelector"),
  afterItemBatcher: (_, state) => field("ItemBatcher", state),
  result: (type, state) => workFace(type, state),
  afterResultSelector: (type, state) =>
    type === "Pass" ? ("Result" in state ? field("Result", state) : null)
    : type === "Wait" ? text("waits", pick(state, ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]))
    : WITH_RESULT.has(type) ? field("ResultSelector", state) : null,
  afterResultPath: (_, state) => field("ResultPath", state),
  output: (_, state) => field("Output" in state || state.QueryLanguage === "JSONata" ? "Output" : "OutputPath", state, "Output"),
  afterCatch: (_, state) => text("catch", state.Catch),
};

const WORK = new Set(["scheduled", "submitted", "parked", "heartbeat", "succeeded", "failed", "timedOut", "retry"]);
const FLOWS = /^(branches|map|iteration|mapRun)(Started|Succeeded|Failed|Aborted)$/;

const workFace = (type: string, state: StateJson): Face =>
  type === "Parallel" ? text("branches") : type === "Map" ? text("items") : text("task", state.Resource);

/** The row that a moment belongs to; null when there is nothing to see. */
export function rowOf(moment: Moment, type: string, state: StateJson): Face | null {
  const [kind, , , name] = moment;
  if (kind === "entered") return text("input");
  if (kind === "stage") return STAGES[String(name)]?.(type, state) ?? null;
  if (WORK.has(kind) || FLOWS.test(kind)) return workFace(type, state);
  if (kind === "rule") return text("rule", state.Choices);
  if (kind === "caught") return text("catch", state.Catch);
  if (kind === "assigned") return field("Assign", state);
  if (kind === "evaluationFailed") return text("error");
  if (kind === "exited" || kind === "aborted") return text("output");
  if (kind === "ended") return text("execution");
  return null;
}

/** All rows of a visit, those of later moments too: the reader sees what is still to come. */
export function rowsOf(run: Run, visit: Visit): Row[] {
  const type = run.typeOf(visit.node);
  const state = run.states[visit.node] ?? {};
  const rows = new Map<RowKey, Row>();
  for (const at of visit.moments) {
    const face = rowOf(run.moments[at], type, state);
    if (!face) continue;
    const row = rows.get(face.key);
    if (row) row.moments.push(at);
    else rows.set(face.key, { key: face.key, title: face.title, expression: face.expression, moments: [at] });
  }
  return [...rows.values()].map((row) => ({ ...row, ...caughtBy(run, visit, row, state), ...ruled(run, row, state) }));
}

function caughtBy(run: Run, visit: Visit, row: Row, state: StateJson): Partial<Row> {
  if (row.key !== "catch") return {};
  const index = visit.moments.map((at) => run.moments[at]).find(([kind]) => kind === "caught")?.[3];
  const catcher = Array.isArray(state.Catch) ? (state.Catch[Number(index)] as StateJson | undefined) : undefined;
  return { expression: catcher && pick(catcher, ["ErrorEquals", "ResultPath", "Output", "Assign"]) };
}

function ruled(run: Run, row: Row, state: StateJson): Partial<Row> {
  if (row.key !== "rule") return {};
  const value = run.moments[row.moments[0]][4];
  const rule = Array.isArray(state.Choices) ? (state.Choices[Number(run.value(value))] as StateJson | undefined) : undefined;
  if (value < 0 || !rule) return { expression: undefined };
  const { Next: _, Output: __, Assign: ___, Comment: ____, ...condition } = rule;
  return { expression: condition };
}

/** What a row shows beside each other at a moment, and under which captions. */
export type Panes = { before: Json | undefined; after: Json | undefined; captions: [string, string] };

export function panesOf(run: Run, visit: Visit, row: Row, moment: number): Panes {
  const seen = visit.moments.filter((at) => at <= moment);
  const last = (test: (m: Moment) => boolean): Json | undefined => {
    for (let i = seen.length - 1; i >= 0; i--) if (test(run.moments[seen[i]])) return run.value(run.moments[seen[i]][4]);
    return undefined;
  };
  const stage = (name: string) => last(([kind, , , at]) => kind === "stage" && at === name);
  const raw = last(([kind]) => kind === "entered");
  const at = row.moments.filter((one) => one <= moment).at(-1);
  const [kind, , , name, value] = at === undefined ? ["", 0, 0, "", -1] : run.moments[at];
  const now = at === undefined ? undefined : run.value(value);
  const beforeAfter: [string, string] = ["before", "after"];
  switch (row.key) {
    case "input":
      return { before: undefined, after: now, captions: ["", "input"] };
    case "task":
    case "branches":
    case "items": {
      const call = last(([k]) => k === "scheduled") as { given?: Json } | undefined;
      const request = call ? call.given : (stage("afterItemSelector") ?? stage("afterParameters") ?? stage("afterArguments") ?? raw);
      const done = name === "result" || kind === "succeeded" || kind === "submitted";
      const broken = kind === "failed" || kind === "timedOut" || kind === "retry" || kind === "mapRunFailed";
      const reply = done ? now : broken ? errorValue(last(([k]) => k === "failed" || k === "timedOut" || k === "mapRunFailed")) : undefined;
      return { before: request, after: reply, captions: ["request", "reply"] };
    }
    case "error":
      return { before: undefined, after: errorValue(kind === "stage" ? visit.error : now), captions: ["", "error"] };
    case "rule":
      return { before: undefined, after: stage("afterInputPath") ?? raw, captions: ["", "input"] };
    case "catch":
      return kind === "stage"
        ? { before: raw, after: now, captions: ["raw_input", "after"] }
        : { before: undefined, after: errorValue(now), captions: ["", "error"] };
    case "Assign":
      return {
        before: at === undefined ? undefined : run.variables(visit.frame, at - 1),
        after: at === undefined ? undefined : run.variables(visit.frame, at),
        captions: beforeAfter,
      };
    case "output":
      return { before: undefined, after: kind === "aborted" ? undefined : now, captions: ["", "output"] };
    case "execution":
      return { before: undefined, after: name === "SUCCEEDED" ? now : errorValue(now), captions: ["", name === "SUCCEEDED" ? "output" : "error"] };
    case "ResultPath":
      return { before: raw, after: now, captions: ["raw_input", "after"] };
    case "Arguments":
    case "InputPath":
      return { before: raw, after: now, captions: ["raw_input", "after"] };
    case "Parameters":
      return { before: stage("afterInputPath") ?? raw, after: now, captions: beforeAfter };
    case "Output":
      return { before: stage("afterResultPath") ?? stage("afterResultSelector") ?? stage("result") ?? raw, after: now, captions: beforeAfter };
    default:
      return { before: precedent(run, seen, at), after: now, captions: beforeAfter };
  }
}

/** The value of the stage before this one. */
function precedent(run: Run, seen: number[], at: number | undefined): Json | undefined {
  if (at === undefined) return undefined;
  for (let i = seen.indexOf(at) - 1; i >= 0; i--) {
    const [kind, , , , value] = run.moments[seen[i]];
    if (kind === "stage" || kind === "entered" || kind === "succeeded") return run.value(value);
  }
  return undefined;
}

/** An error as the value that a catcher gets; a Cause that is JSON is decoded beside it. */
export function errorValue(told: Json | undefined): Json {
  const [error, cause] = Array.isArray(told) ? told : [null, null];
  const found: { [key: string]: Json } = { Error: error ?? "", Cause: cause ?? "" };
  return found;
}

export type Try = { outcome: "succeeded" | "failed" | "running" | "waiting"; took: number; error: string; wait: number | null };

/** The attempts of a visit up to a moment, each with the pause after it. */
export function triesOf(run: Run, visit: Visit, moment: number): Try[] {
  const tries: Try[] = [];
  let began = 0;
  for (const at of visit.moments) {
    if (at > moment) break;
    const [kind, time, , , value] = run.moments[at];
    const now = tries.at(-1);
    if (kind === "scheduled") {
      began = time;
      tries.push({ outcome: "running", took: 0, error: "", wait: null });
    } else if (!now) continue;
    else if (kind === "succeeded") Object.assign(now, { outcome: "succeeded", took: time - began });
    else if (kind === "failed" || kind === "timedOut") {
      const told = run.value(value) as Json[];
      Object.assign(now, { outcome: "failed", took: time - began, error: String(told?.[0] ?? "") });
    } else if (kind === "parked") now.outcome = "waiting";
    else if (kind === "retry") now.wait = Number(run.value(value));
  }
  return tries;
}

function pick(state: StateJson, names: string[]): Json | undefined {
  const found = names.filter((name) => name in state);
  if (found.length === 0) return undefined;
  return found.length === 1 ? state[found[0]] : Object.fromEntries(found.map((name) => [name, state[name]]));
}
