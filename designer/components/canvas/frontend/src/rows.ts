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
  /** a field of this kind of state that did nothing here: it is not set, or the state was left before it */
  absent?: "not_set" | "not_applied";
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
  afterItemReader: (_, state) => field("ItemReader", state),
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
  const found = [...rows.values()].map((row) => ({ ...row, ...caughtBy(run, visit, row, state), ...ruled(run, row, state) }));
  return run.languageOf(visit.node) === "JSONPath" ? withAbsent(found, type, state) : found;
}

/** The fields of the data's way by kind of state, in their order; `*` is where the work stands. */
const WAY: Record<string, string[]> = {
  Task: ["InputPath", "Parameters", "*", "ResultSelector", "ResultPath", "OutputPath"],
  Parallel: ["InputPath", "Parameters", "*", "ResultSelector", "ResultPath", "OutputPath"],
  Map: ["InputPath", "ItemsPath", "ItemSelector", "*", "ResultSelector", "ResultPath", "OutputPath"],
  Pass: ["InputPath", "Parameters", "*", "ResultPath", "OutputPath"],
  Choice: ["InputPath", "*", "OutputPath"],
  Wait: ["InputPath", "*", "OutputPath"],
  Succeed: ["InputPath", "OutputPath"],
};
const KEYS: Record<string, RowKey> = { ItemsPath: "Items", OutputPath: "Output" };
const WORKING = new Set(["task", "branches", "items", "Result", "rule", "waits", "error", "catch"]);

/** Every field that such a state may have is shown, so that one can point at it; what is not set is pale. */
function withAbsent(rows: Row[], type: string, state: StateJson): Row[] {
  const way = WAY[type];
  if (!way) return rows;
  const all = [...rows];
  let after = all.findIndex((row) => row.key === "input");
  for (const name of way) {
    if (name === "*") {
      after = Math.max(after, all.findLastIndex((row) => WORKING.has(row.key) && row.key !== "catch"));
      continue;
    }
    const key = KEYS[name] ?? name;
    const here = all.findIndex((row) => row.key === key);
    if (here >= 0) after = Math.max(after, here);
    else if (!(name === "ItemSelector" && "Parameters" in state)) {
      const expression = state[name];
      all.splice(++after, 0, { ...field(name, state, key), expression, moments: [], absent: expression === undefined ? "not_set" : "not_applied" });
    }
  }
  return all;
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

/** Where a shown value stands in the trace, and how paths and JSONata in this place begin. `moment` is -1 where one cannot ask. */
export type Origin = { moment: number; roots: [string, string]; variables?: number };
export const INPUT: [string, string] = ["$", "$states.input"];
const RESULT: [string, string] = ["$", "$states.result"];
const ERROR: [string, string] = ["$", "$states.errorOutput"];

/** What a row shows beside each other at a moment, under which captions, and where it stands. */
export type Panes = {
  before: Json | undefined;
  after: Json | undefined;
  captions: [string, string];
  from: [Origin | null, Origin | null];
};

export function panesOf(run: Run, visit: Visit, row: Row, moment: number): Panes {
  const seen = visit.moments.filter((at) => at <= moment);
  const last = (test: (m: Moment) => boolean): number | undefined => seen.findLast((at) => test(run.moments[at]));
  const of = (at: number | undefined): Json | undefined => (at === undefined ? undefined : run.value(run.moments[at][4]));
  const from = (at: number | undefined, roots = INPUT): Origin | null => (at === undefined ? null : { moment: at, roots });
  const stage = (...names: string[]) => {
    for (const name of names) {
      const found = last(([kind, , , at]) => kind === "stage" && at === name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const raw = last(([kind]) => kind === "entered");
  const at = row.moments.findLast((one) => one <= moment);
  const [kind, , , name] = at === undefined ? ["", 0, 0, ""] : run.moments[at];
  const now = of(at);
  const pair = (before: number | undefined, captions: [string, string] = ["before", "after"]): Panes => ({
    before: of(before), after: now, captions, from: [from(before), from(at)],
  });
  const alone = (after: Json | undefined, caption: string, origin: Origin | null): Panes => ({
    before: undefined, after, captions: ["", caption], from: [null, origin],
  });
  switch (row.key) {
    case "input":
      return alone(now, "input", from(at));
    case "task":
    case "branches":
    case "items": {
      const call = last(([k]) => k === "scheduled");
      const given = stage("afterItemBatcher", "afterItemSelector", "afterItemReader", "afterItemsPath", "afterParameters", "afterArguments", "afterInputPath") ?? raw;
      const request = call === undefined ? of(given) : (of(call) as { given?: Json }).given;
      const done = name === "result" || kind === "succeeded" || kind === "submitted";
      const failed = kind === "failed" || kind === "timedOut" || kind === "retry" || kind === "mapRunFailed"
        ? last(([k]) => k === "failed" || k === "timedOut" || k === "mapRunFailed") : undefined;
      return {
        before: request,
        after: done ? now : failed === undefined ? undefined : errorValue(of(failed)),
        captions: ["request", "reply"],
        from: [from(given), done ? from(at, RESULT) : from(failed, ERROR)],
      };
    }
    case "error":
      return alone(errorValue(kind === "stage" ? visit.error : now), "error", kind === "stage" ? null : from(at, ERROR));
    case "rule": {
      const tested = stage("afterInputPath") ?? raw;
      return alone(of(tested), "input", from(tested));
    }
    case "catch":
      return kind === "stage" ? pair(raw, ["raw_input", "after"]) : alone(errorValue(now), "error", from(at, ERROR));
    case "Assign": {
      if (at === undefined) return alone(undefined, "after", null);
      const variables = (moment: number): Origin => ({ moment, roots: ["$", "$"], variables: visit.frame });
      return {
        before: run.variables(visit.frame, at - 1), after: run.variables(visit.frame, at), captions: ["before", "after"],
        from: [variables(at - 1), variables(at)],
      };
    }
    case "output":
      return kind === "aborted" ? alone(undefined, "output", null) : alone(now, "output", from(at));
    case "execution":
      return name === "SUCCEEDED" ? alone(now, "output", from(run.lastExit())) : alone(errorValue(now), "error", null);
    case "ResultPath":
    case "Arguments":
    case "InputPath":
      return pair(raw, ["raw_input", "after"]);
    case "Parameters":
      return pair(stage("afterInputPath") ?? raw);
    case "Output":
      return pair(stage("afterResultPath", "afterResultSelector", "result", "afterInputPath") ?? raw);
    default:
      return pair(at === undefined ? undefined : seen.findLast((one) => one < at && HOLDS.has(run.moments[one][0])));
  }
}

const HOLDS = new Set(["stage", "entered", "succeeded"]);

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
