// Branches and items: which of them came out how, which wrote which element of the result, and a way into each.

import { useMemo, type JSX } from "react";
import { StatusIcon } from "./icons";
import { inline, isObject } from "./json";
import { usePlayer, useView } from "./player";
import type { Run, Visit } from "./run";
import type { Status } from "./types";

const SHOWN = 40;
const OFFERED = 300;
const RANK: Partial<Record<Status, number>> = { failed: 0, timedout: 1, canceled: 2, waiting: 3, running: 3 };

type Line = { frame: number; index: number; status: Status };

/** Frames of a visit's last attempt that have begun by a moment, failed ones first. */
function linesOf(run: Run, visit: number, moment: number): Line[] {
  const lines = new Map<number, Line>();
  for (const frame of run.framesOf.get(visit) ?? []) {
    const first = run.visitsIn.get(frame)?.[0];
    if (first === undefined || run.visits[first].moments[0] > moment) continue;
    const index = run.trace.frames[frame][2];
    lines.set(index, { frame, index, status: run.outcome(frame) });
  }
  return [...lines.values()].sort((one, other) => (RANK[one.status] ?? 9) - (RANK[other.status] ?? 9) || one.index - other.index);
}

const named = (kind: string, index: number, t: (key: string, values?: Record<string, number>) => string) =>
  kind === "branch" ? t("branch", { n: index + 1 }) : t("iteration", { n: index });

/** Which line wrote which element, below the result of a Parallel or Map. */
export function Joined({ run, visit, moment }: { run: Run; visit: Visit; moment: number }): JSX.Element | null {
  const player = usePlayer();
  const { t, count, number, span } = player.words;
  const lines = useMemo(() => linesOf(run, visit.id, moment), [run, visit, moment]);
  if (lines.length === 0) return null;
  const result = visit.moments.findLast((at) => at <= moment && run.moments[at][0] === "stage" && run.moments[at][3] === "result");
  const elements = result === undefined ? null : run.value(run.moments[result][4]);
  const began = run.moments[visit.moments[0]][1];
  return (
    <div className="joined">
      <table aria-label={t("joined")}>
        <tbody>
          {lines.slice(0, SHOWN).map(({ frame, index, status }) => {
            const visits = run.visitsIn.get(frame)!.map((id) => run.visits[id]);
            const last = visits[visits.length - 1];
            const done = last.moments.at(-1)! <= moment;
            const shown: Status = done ? status : "running";
            const element = Array.isArray(elements) && status === "succeeded" ? elements[index] : undefined;
            return (
              <tr key={frame}>
                <td><StatusIcon status={shown} size={15} /></td>
                <td><button type="button" onClick={() => player.goMoment(visits[0].moments[0])}>{named(run.trace.frames[frame][0], index, t)}</button></td>
                <td className="quiet">{count("states", visits.length)} · {done ? span(run.moments[last.moments.at(-1)!][1] - began) : t("running").toLowerCase()}</td>
                <td className="cut">
                  {element !== undefined ? (
                    <>
                      <span className="quiet">{t("wrote")} </span><code>[{index}]</code> <code className="cut">{brief(element)}</code>
                    </>
                  ) : status === "failed" && done ? <span className="is-failed">{last.error?.[0]}</span> : null}
                </td>
                <td><button type="button" className="link" disabled={!done} onClick={() => player.goMoment(last.moments.at(-1)!)}>{last.node.slice(last.node.lastIndexOf("/States/") + 8)}</button></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {lines.length > SHOWN && <p className="quiet">{t("more_lines", { n: number(lines.length - SHOWN) })}</p>}
    </div>
  );
}

function brief(value: unknown): string {
  const text = inline(value as never).map((token) => token.text).join("");
  return text.length > 90 ? `${text.slice(0, 90)}…` : isObject(value as never) ? text : text;
}

/** Where among branches and items the cursor is: a list for each level, failed ones first, that goes to the chosen one. */
export function Places({ run, visit }: { run: Run; visit: Visit }): JSX.Element {
  const levels: number[] = [];
  for (let frame = visit.frame; frame > 0; ) {
    levels.unshift(frame);
    const parent = run.trace.frames[frame][1];
    frame = parent < 0 ? 0 : run.visits[parent].frame;
  }
  return (
    <>
      {levels.map((frame) => <Picker key={run.trace.frames[frame][1]} run={run} parent={run.trace.frames[frame][1]} here={frame} />)}
      {run.framesOf.has(visit.id) && <Picker run={run} parent={visit.id} here={null} />}
    </>
  );
}

function Picker({ run, parent, here }: { run: Run; parent: number; here: number | null }) {
  const player = usePlayer();
  const { t } = player.words;
  const lines = useMemo(() => linesOf(run, parent, Infinity), [run, parent]);
  const own = useView(() => here);
  if (lines.length === 0) return null;
  const kind = run.trace.frames[lines[0].frame][0];
  const offered = lines.slice(0, OFFERED);
  if (own !== null && !offered.some(({ frame }) => frame === own)) {
    offered.push({ frame: own, index: run.trace.frames[own][2], status: run.outcome(own) });
  }
  const groups: [string, Line[]][] = [
    ["failed", offered.filter(({ status }) => status === "failed" || status === "timedout")],
    ["canceled", offered.filter(({ status }) => status === "canceled")],
    ["", offered.filter(({ status }) => (RANK[status] ?? 9) > 2)],
  ];
  const option = ({ frame, index }: Line) => <option key={frame} value={frame}>{named(kind, index, t)}</option>;
  return (
    <select className="picker" aria-label={t(kind === "branch" ? "branches" : "items")} value={own ?? ""}
      onChange={(event) => player.goMoment(run.visits[run.visitsIn.get(Number(event.target.value))![0]].moments[0])}>
      {own === null && <option value="" disabled>{t(kind === "branch" ? "into_branch" : "into_item")}</option>}
      {groups.map(([name, of]) => (of.length === 0 ? null : name ? <optgroup key={name} label={t(name)}>{of.map(option)}</optgroup> : of.map(option)))}
    </select>
  );
}
