// Child executions: the items of a distributed Map and the machines that tasks start. Where one is, the way in and the way out.

import { useMemo, type JSX } from "react";
import { StatusIcon } from "./icons";
import { usePlayer, useView, type Player } from "./player";
import type { Run, Visit } from "./run";
import type { Child, Status } from "./types";
import { Tool } from "./tool";

const SHOWN = 40;
const OFFERED = 500;
const STATUS: Record<string, Status> = { SUCCEEDED: "succeeded", FAILED: "failed", TIMED_OUT: "timedout", ABORTED: "canceled", WAITING: "waiting" };
const RANK: Partial<Record<Status, number>> = { failed: 0, timedout: 1, canceled: 2, waiting: 3 };

const statusOf = ([, , status]: Child): Status => STATUS[status] ?? "running";

/** Failed ones first, then in the order of the items. */
const ordered = (children: Child[]): Child[] =>
  [...children].sort((one, other) => (RANK[statusOf(one)] ?? 9) - (RANK[statusOf(other)] ?? 9) || one[1] - other[1]);

const ENDS = new Set(["mapRunSucceeded", "mapRunFailed", "succeeded", "failed", "timedOut"]);

/** Into the first child execution of the state at hand, while it is still at work. Answers whether there is one. */
export function dive(player: Player): boolean {
  const { run } = player;
  const visit = run?.visitAt(player.moment);
  if (!run || !visit || !player.props.dives) return false;
  const children = run.trace.children?.[visit.id];
  if (!children?.length && !(visit.id in (player.props.nested ?? {}))) return false;
  const end = visit.moments.find((at) => ENDS.has(run.moments[at][0]));
  if (end !== undefined && player.moment >= end) return false;
  player.dive(visit.id, children?.[0][0] ?? 0);
  return true;
}

/** An execution of a Map has one item, or a batch of them. */
const NAMES = { item: "iteration", batch: "batch" } as const;
const nameOf = (run: Run, visit: Visit) => NAMES[run.states[visit.node]?.ItemBatcher === undefined ? "item" : "batch"];

function Options({ children, name }: { children: Child[]; name: string }) {
  const { t } = usePlayer().words;
  const offered = useMemo(() => ordered(children).slice(0, OFFERED), [children]);
  const failed = offered.filter((one) => statusOf(one) === "failed" || statusOf(one) === "timedout");
  const rest = offered.filter((one) => !failed.includes(one));
  const option = (one: Child) => <option key={one[0]} value={one[0]}>{t(name, { n: one[1] })}</option>;
  return <>{failed.length > 0 && <optgroup label={t("failed")}>{failed.map(option)}</optgroup>}{rest.map(option)}</>;
}

/** Beside the name of the state: a way into any of its child executions. */
export function ChildPicker({ run, visit }: { run: Run; visit: Visit }): JSX.Element | null {
  const player = usePlayer();
  const { t } = player.words;
  const dives = useView((p) => p.props.dives === true);
  const machine = useView((p) => p.props.nested?.[visit.id]);
  const children = run.trace.children?.[visit.id];
  if (!dives) return null;
  if (machine !== undefined) return <button type="button" className="link into" onClick={() => player.dive(visit.id, 0)}>{t("into_execution", { name: machine })}</button>;
  if (!children?.length) return null;
  return (
    <select className="picker" aria-label={t("items")} value="" onChange={(event) => player.dive(visit.id, Number(event.target.value))}>
      <option value="" disabled>{t("into_item")}</option>
      <Options children={children} name={nameOf(run, visit)} />
    </select>
  );
}

/** Below the items of a distributed Map: each child execution, how it ended and how long it took. */
export function ChildTable({ run, visit }: { run: Run; visit: Visit }): JSX.Element | null {
  const player = usePlayer();
  const { t, number, span } = player.words;
  const dives = useView((p) => p.props.dives === true);
  const children = run.trace.children?.[visit.id];
  const lines = useMemo(() => ordered(children ?? []), [children]);
  if (lines.length === 0) return null;
  return (
    <div className="joined">
      <table aria-label={t("child_executions")}>
        <tbody>
          {lines.slice(0, SHOWN).map((one) => (
            <tr key={one[0]}>
              <td><StatusIcon status={statusOf(one)} size={15} /></td>
              <td><button type="button" disabled={!dives} onClick={() => player.dive(visit.id, one[0])}>{t(nameOf(run, visit), { n: one[1] })}</button></td>
              <td className="quiet">{span(one[3])}</td>
              <td className="cut">{one[4] ? <span className="is-failed">{one[4]}</span> : t(statusOf(one))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > SHOWN && <p className="quiet">{t("more_lines", { n: number(lines.length - SHOWN) })}</p>}
    </div>
  );
}

/** Above the panes, inside a child execution: the way there, the others beside it, and the way back. */
export function Crumbs(): JSX.Element | null {
  const player = usePlayer();
  const { t } = player.words;
  const place = useView((p) => p.props.place);
  if (!place) return null;
  const { crumbs } = place;
  const last = crumbs.length - 1;
  return (
    <nav className="crumbs" aria-label={t("child_path")}>
      <Tool icon="left" label={t("child_back")} keys="o" onClick={() => player.rise(1)} />
      <button type="button" className="link" onClick={() => player.rise(crumbs.length)}>{t("child_top")}</button>
      {crumbs.map(({ kind, name }, i) => (
        <span key={i}>
          <i aria-hidden="true">›</i>
          {i === last ? <b>{name}</b> : <button type="button" className="link" onClick={() => player.rise(last - i)}>{name}</button>}
          {i === last && kind !== "execution" && (
            <select className="picker" aria-label={t("items")} value={place.place} onChange={(event) => player.dive(0, Number(event.target.value), true)}>
              <Options children={place.siblings} name={NAMES[kind]} />
            </select>
          )}
        </span>
      ))}
      <span className="quiet cut">{t(crumbs[last].kind === "execution" ? "child_of_task" : "child_of_map", { name: place.machine })}</span>
      <StatusIcon status={statusOf(place.siblings[place.place])} size={16} />
    </nav>
  );
}
