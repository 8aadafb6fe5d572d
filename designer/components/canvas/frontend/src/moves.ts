// Moves that know the shape of a run: over, into and out of branches and items, to a node. Each answers a step.

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
