// Breakpoints and watches: what the reader has set, what Python is asked about them, and what it answered.

import type { Run } from "./run";
import type { Json } from "./types";

export type Kind = "entry" | "exit" | "error" | "attempt" | "iteration";

/** Where the reader wants to be stopped: at a side of `node`, at its errors, attempts or items; null stands for any state. */
export type Breakpoint = {
  kind: Kind;
  node: string | null;
  /** which attempt (from 1) or item (from 0); null for every one */
  number: number | null;
  on: boolean;
  /** in force; empty for none */
  condition: string;
  /** what stands in the box and has not been understood */
  draft: string | null;
};

/** How Python answers for a condition (questions.py). */
export type Stops = { moments: number[]; asked: number; unanswered: number; reason: string; until: number | null; error?: string };
/** And for a watch: from each moment on, the place of its answer among `answers`. */
export type Watched = { language: string; at: number[]; answer: number[]; answers: { is?: Json; none?: string }[]; until: number | null; error?: string };
export type Answers = { key: string; stops: Record<string, Stops>; watches: Record<string, Watched> };

export const breakpoint = (kind: Kind, node: string | null, on = true): Breakpoint => ({ kind, node, number: null, on, condition: "", draft: null });
export const sameBreak = (one: Breakpoint, other: Breakpoint): boolean => one.kind === other.kind && one.node === other.node;
export const idOf = (point: Breakpoint, condition = point.condition): string => JSON.stringify([point.kind, point.node, point.number, condition]);

export type Kept = { breaks: Breakpoint[]; watches: string[] };
export type Asked = { stops: { id: string; kind: Kind; node: string | null; number: number | null; condition: string }[]; watches: string[] };

/** Columns of steps become moments, once per message. */
export function unfolded(told: Answers | null | undefined): Answers | null {
  if (!told) return null;
  const summed = (steps: number[] | undefined): number[] => {
    let sum = 0;
    return (steps ?? []).map((step) => (sum += step));
  };
  const each = <T,>(of: Record<string, T>, make: (one: T) => T) => Object.fromEntries(Object.entries(of).map(([name, one]) => [name, make(one)]));
  return {
    key: told.key,
    stops: each(told.stops, (one) => ({ ...one, moments: summed(one.moments) })),
    watches: each(told.watches, (one) => ({ ...one, at: summed(one.at) })),
  };
}

/** All that has to be asked; `fresh` is a watch that has not been understood yet. */
export function askedOf({ breaks, watches }: Kept, fresh: string | null): Asked {
  const stops = breaks.flatMap((point) => [point.condition, point.draft].filter((one): one is string => !!one).map((condition) => (
    { id: idOf(point, condition), kind: point.kind, node: point.node, number: point.number, condition })));
  return { stops, watches: fresh ? [...watches.filter((one) => one !== fresh), fresh] : watches };
}

/** Drafts that Python has understood come into force. Null when nothing changes. */
export function settled(breaks: Breakpoint[], answers: Answers | null | undefined): Breakpoint[] | null {
  const ready = (point: Breakpoint) => point.draft !== null && answers?.stops[idOf(point, point.draft)]?.error === undefined && idOf(point, point.draft) in (answers?.stops ?? {});
  return breaks.some(ready) ? breaks.map((point) => (ready(point) ? { ...point, condition: point.draft!, draft: null } : point)) : null;
}

/** The moments that a breakpoint is about, before its condition. */
function places(run: Run, { kind, node, number }: Breakpoint): number[] {
  const visits = node === null ? [] : (run.visitsOf.get(node) ?? []).map((id) => run.visits[id]);
  switch (kind) {
    case "entry":
      return visits.map(({ moments }) => moments[0]);
    case "exit":
      return visits.flatMap(({ moments }) => moments.findLast((at) => run.moments[at][0] === "exited") ?? []);
    case "error":
      return node === null ? run.errors : run.errorsOf(node);
    case "attempt": {
      const tried = new Map<number, number>();
      return run.retries.filter((at) => {
        const visit = run.moments[at][2];
        tried.set(visit, (tried.get(visit) ?? 1) + 1);
        return (node === null || run.visits[visit].node === node) && (number === null || tried.get(visit) === number);
      });
    }
    case "iteration":
      return visits.flatMap(({ id }) => (run.framesOf.get(id) ?? []).flatMap((frame) => {
        const [, , index] = run.trace.frames[frame];
        const first = run.visitsIn.get(frame)?.[0];
        return first === undefined || (number !== null && number !== index) ? [] : run.visits[first].moments[0];
      }));
  }
}

/** The steps at which a run stops, in order. A condition that has not been answered stops nowhere. */
export function stopsOf(run: Run, breaks: Breakpoint[], answers: Answers | null | undefined): number[] {
  const stops = new Set<number>();
  for (const point of breaks) {
    if (!point.on) continue;
    for (const at of point.condition ? (answers?.stops[idOf(point)]?.moments ?? []) : places(run, point)) {
      if (at < run.moments.length) stops.add(point.kind === "attempt" ? Math.min(run.stepAt[at] + 1, run.steps.length - 1) : run.stepAt[at]);
    }
  }
  return [...stops].sort((one, other) => one - other);
}

/** The place of the last change at or before a moment; -1 before the first. */
export function changeAt(watched: Watched, moment: number): number {
  let low = -1;
  let high = watched.at.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (watched.at[middle] <= moment) low = middle;
    else high = middle - 1;
  }
  return low;
}

const PLACE = "paso-points ";
const NONE: Kept = { breaks: [], watches: [] };

/** What was set for a workflow, as this tab of the browser keeps it over another page or a reload. */
export function recalled(key: string | undefined): Kept {
  if (!key) return NONE;
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE + key) ?? "null") as Kept | null;
    return kept ? { breaks: kept.breaks.map((point) => ({ ...point, draft: null })), watches: kept.watches } : NONE;
  } catch {
    return NONE; // nothing is kept where the browser does not let us
  }
}

export function remember(key: string | undefined, kept: Kept): void {
  if (!key) return;
  try {
    if (kept.breaks.length || kept.watches.length) sessionStorage.setItem(PLACE + key, JSON.stringify(kept));
    else sessionStorage.removeItem(PLACE + key);
  } catch {
    return;
  }
}
