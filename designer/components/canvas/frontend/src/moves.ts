// Moves that know the shape of a run: over, into and out of branches and items, to a node, to a breakpoint. Each answers a step.

import type { Run, Visit } from "./run";

const least = (numbers: number[]): number => numbers.reduce((found, number) => Math.min(found, number), Infinity);
const first = (run: Run, visit: Visit): number => run.stepAt[visit.moments[0]];

/** The next state of the same line of work; when there is none, out of it. Backwards: the start of this state, then the one before. */
export function over(run: Run, step: number, by: 1 | -1): number {
  const visit = run.visitAt(run.steps[step]);
  if (!visit) return (by > 0 ? run.borders.find((border) => border > step) : run.borders.findLast((border) => border < step)) ?? step;
  if (by < 0 && step > first(run, visit)) return first(run, visit);
  const beside = run.beside(visit, by);
  if (beside) return first(run, beside);
  const parent = run.trace.frames[visit.frame][1];
  if (by > 0) return out(run, step);
  return parent < 0 ? 0 : first(run, run.visits[parent]);
}

/** The first state inside the Parallel or Map at hand that is still to come; elsewhere the next stage. */
export function into(run: Run, step: number): number {
  const moment = run.steps[step];
  const visit = run.visitAt(moment);
  const inner = visit ? (run.framesOf.get(visit.id) ?? []).flatMap((frame) => run.visitsIn.get(frame) ?? []) : [];
  const next = least(inner.map((id) => run.visits[id].moments[0]).filter((at) => at > moment));
  return next < Infinity ? run.stepAt[next] : Math.min(step + 1, run.steps.length - 1);
}

/** To where the branches or items around this place meet; of the execution itself, to its end. */
export function out(run: Run, step: number): number {
  const moment = run.steps[step];
  const visit = run.visitAt(moment);
  const parent = visit ? run.trace.frames[visit.frame][1] : -1;
  if (parent < 0) return run.steps.length - 1;
  const inside = (run.framesOf.get(parent) ?? []).flatMap((frame) => run.visitsIn.get(frame) ?? []);
  const end = -least(inside.map((id) => -run.visits[id].moments.at(-1)!));
  const joined = run.visits[parent].moments.find((at) => at > Math.max(end, moment) && run.steps[run.stepAt[at]] === at);
  return joined === undefined ? Math.min(run.stepAt[end] + 1, run.steps.length - 1) : run.stepAt[joined];
}

/** To a node: its next visit after this place, or back to the one before. Null when there is none that way. */
export function toNode(run: Run, step: number, node: string, by: 1 | -1): number | null {
  const starts = (run.visitsOf.get(node) ?? []).map((id) => first(run, run.visits[id]));
  const found = by > 0 ? starts.find((start) => start > step) : starts.findLast((start) => start < step);
  return found ?? null;
}

/** Where the reader wants to be stopped. `node` with a side of it; or every error, every further attempt. */
export type Breakpoint = { on: boolean } & ({ kind: "entry" | "exit"; node: string } | { kind: "error" | "attempt" });

export const sameBreak = (one: Breakpoint, other: Breakpoint): boolean =>
  one.kind === other.kind && ("node" in one ? one.node : "") === ("node" in other ? other.node : "");

/** The steps at which a run stops, in order. */
export function stopsOf(run: Run, breaks: Breakpoint[]): number[] {
  const stops = new Set<number>();
  for (const point of breaks) {
    if (!point.on) continue;
    if (!("node" in point)) {
      if (point.kind === "error") run.errors.forEach((at) => stops.add(run.stepAt[at]));
      else run.retries.forEach((at) => stops.add(Math.min(run.stepAt[at] + 1, run.steps.length - 1)));
    } else {
      for (const id of run.visitsOf.get(point.node) ?? []) {
        const visit = run.visits[id];
        const exit = visit.moments.findLast((at) => run.moments[at][0] === "exited");
        if (point.kind === "entry") stops.add(first(run, visit));
        else if (exit !== undefined) stops.add(run.stepAt[exit]);
      }
    }
  }
  return [...stops].sort((one, other) => one - other);
}
