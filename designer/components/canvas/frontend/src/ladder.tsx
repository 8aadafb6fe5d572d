// The heart: the way of the data through one visit, stage by stage, the present stage open with what it changed.

import { useLayoutEffect, useMemo, useRef, type JSX } from "react";
import { ChildPicker, ChildTable } from "./children";
import { Compared, Shown } from "./compared";
import { Icon, StatusIcon } from "./icons";
import { inline, sizeOf, effect, type Token } from "./json";
import { Joined, Places } from "./joins";
import { usePlayer, useView, type Tab } from "./player";
import { INPUT, panesOf, rowsOf, triesOf, type Origin, type Row, type Try } from "./rows";
import { Rules } from "./rules";
import type { Run, Visit } from "./run";
import { Tool } from "./tool";
import type { Json } from "./types";
import { Watches } from "./watches";
import { Whence } from "./whence";
import type { Words } from "./words";

const LIMIT = 262144;
const FLOWS = new Set(["branches", "items"]);

export function LadderPane(): JSX.Element {
  const player = usePlayer();
  const { t } = player.words;
  const run = useView((p) => p.run);
  const moment = useView((p) => p.moment);
  const selected = useView((p) => p.view.selected);
  const tab = useView((p) => p.view.tab);
  const graph = useView((p) => p.props.graph);
  const watches = useView((p) => p.props.points != null);
  const visit = run ? run.visitAt(moment) : null;
  const stray = selected !== null && selected !== visit?.node ? selected : null;
  const node = graph.nodes.find((one) => one.id === (stray ?? visit?.node ?? selected));
  const tabs: Tab[] = run && !stray ? ["stages", ...(run.assigns ? ["variables" as const] : []), ...(visit ? ["context" as const] : []), ...(watches ? ["watches" as const] : []), "events", ...(node ? ["definition" as const] : [])] : [];
  const shown = tabs.includes(tab) ? tab : "stages";
  return (
    <section className="card ladder-card" aria-label={t("stages")}>
      <header className="bar">
        {run && !stray ? <Heading run={run} visit={visit} moment={moment} name={node?.name} /> : (
          <>
            <b className="cut" title={node?.name}>{node?.name ?? t("stages")}</b>
            {node && <span className="quiet">{node.type}</span>}
          </>
        )}
        {tabs.length > 1 && (
          <span className="tabs" role="tablist">
            {tabs.map((name) => (
              <button key={name} type="button" role="tab" aria-selected={shown === name} onClick={() => player.set({ tab: name })}>{t(name)}</button>
            ))}
          </span>
        )}
      </header>
      {!run ? <Empty node={node?.id ?? null} />
        : stray ? <Stray run={run} node={stray} />
        : shown === "events" ? <Events run={run} moment={moment} />
        : shown === "variables" ? <Variables run={run} visit={visit} moment={moment} />
        : shown === "context" && visit ? <Context run={run} visit={visit} moment={moment} />
        : shown === "watches" ? <Watches run={run} moment={moment} />
        : shown === "definition" && node ? <Definition node={node.id} />
        : visit ? <Ladder run={run} visit={visit} moment={moment} />
        : <Execution run={run} moment={moment} />}
      <Whence />
    </section>
  );
}

function Heading({ run, visit, moment, name }: { run: Run; visit: Visit | null; moment: number; name?: string }) {
  const player = usePlayer();
  const { t } = player.words;
  if (!visit) return <b>{t("execution")}</b>;
  const now = run.statusOf(visit.node, moment);
  const of = run.visitsOf.get(visit.node)!;
  const tries = triesOf(run, visit, moment).length;
  const all = triesOf(run, visit, Infinity).length;
  const kinds = new Set(visit.moments.filter((at) => at <= moment).map((at) => run.moments[at][0]));
  const said = [run.typeOf(visit.node), ...(tries && all > 1 ? [t("attempt", { n: tries, m: all })] : [])];
  const error = kinds.has("caught") ? "caught" : now.status === "failed" && visit.moments.at(-1)! <= moment ? "failed" : null;
  return (
    <>
      <b className="cut" title={name}>{name}</b>
      <span className="quiet kind" title={said.join(" · ")}>{said.join(" · ")}</span>
      <Places run={run} visit={visit} />
      <ChildPicker run={run} visit={visit} />
      {error && (
        <span className={`told is-${error}`} title={visit.error?.join("\n")}>
          <StatusIcon status={error} size={15} /> {t(`${error}_error`, { error: visit.error?.[0] ?? "" })}
        </span>
      )}
      {of.length > 1 && (
        <span className="turner">
          <Tool icon="left" label={t("previous_visit")} disabled={visit.turn === 0} onClick={() => player.goMoment(run.visits[of[visit.turn - 1]].moments[0])} />
          <span>{t("visit", { n: visit.turn + 1, m: of.length })}</span>
          <Tool icon="right" label={t("next_visit")} disabled={visit.turn === of.length - 1} onClick={() => player.goMoment(run.visits[of[visit.turn + 1]].moments[0])} />
        </span>
      )}
    </>
  );
}

function Ladder({ run, visit, moment }: { run: Run; visit: Visit; moment: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(run, visit), [run, visit]);
  const present = rows.findIndex((row) => row.moments.includes(moment));
  useLayoutEffect(() => {
    const box = scroller.current;
    const row = box?.querySelector<HTMLElement>(".stage.now");
    if (!box || !row) return;
    const top = row.offsetTop;
    const bottom = top + row.offsetHeight;
    if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = Math.min(top - 4, bottom - box.clientHeight + 12);
    if (top < box.scrollTop) box.scrollTop = top - 4;
  }, [moment, visit]);
  return (
    <div className="ladder" ref={scroller} tabIndex={-1}>
      <ol>
        {rows.map((row, i) => (
          <Stage key={row.key} run={run} visit={visit} row={row} moment={moment} place={i === present ? "now" : i < present ? "past" : "future"} />
        ))}
      </ol>
    </div>
  );
}

function Stage({ run, visit, row, moment, place }: { run: Run; visit: Visit; row: Row; moment: number; place: "past" | "now" | "future" }) {
  const player = usePlayer();
  const { t } = player.words;
  const panes = useMemo(() => (place === "future" || row.absent ? null : panesOf(run, visit, row, moment)), [run, visit, row, moment, place]);
  const name = "text" in row.title ? t(row.title.text) : row.title.field;
  const tried = row.key === "task" && place !== "future" ? triesOf(run, visit, moment) : [];
  const told = panes ? summary(run, visit, row, moment, panes, player.words) : null;
  const pale = place !== "now" && told?.unchanged;
  const size = panes?.after === undefined ? null : sizeOf(panes.after);
  if (row.absent) return <Absent row={row} name={name} past={place === "past"} />;
  const target = row.moments.find((at) => at > moment) ?? row.moments.findLast((at) => at <= moment) ?? row.moments[0];
  const back = row.moments.findLast((at) => at <= moment) ?? row.moments[0];
  return (
    <li className={`stage ${place}${pale ? " pale" : ""}`} aria-current={place === "now" ? "step" : undefined}>
      <span className="rail"><i /></span>
      <div className="stage-body">
        <button type="button" className="row" onClick={() => player.goMoment(place === "future" ? target : back)}>
          <span className="name">{name}</span>
          <span className="about">
            {tried.length > 0 ? <Tries tries={tried} /> : (
              <>
                {row.expression !== undefined && row.expression !== null && <Expression of={row.expression} />}
                {told?.text && <span className="effect">{told.text}</span>}
              </>
            )}
            {place === "future" && <span className="effect">{t("not_yet")}</span>}
          </span>
          {size !== null && <Size bytes={size} meter={place === "now"} />}
        </button>
        {place === "now" && panes && (panes.before !== undefined || panes.after !== undefined) && (
          <div className="open">
            {row.key === "task" && row.expression !== undefined && <p className="resource"><code>{String(row.expression)}</code></p>}
            {row.key === "rule" && <Rules run={run} visit={visit} />}
            {FLOWS.has(row.key) && <Joined run={run} visit={visit} moment={moment} />}
            {row.key === "items" && <ChildTable run={run} visit={visit} />}
            {panes.before !== undefined ? <Compared {...panes} whole={told?.replaced || FLOWS.has(row.key)} /> : <Shown value={panes.after!} caption={panes.captions[1]} from={panes.from[1]} />}
            <DecodedCause value={panes.after} />
          </div>
        )}
      </div>
    </li>
  );
}

/** A field that did nothing here keeps its place in the ladder, so that one can point at it. */
function Absent({ row, name, past }: { row: Row; name: string; past: boolean }) {
  const { t } = usePlayer().words;
  return (
    <li className={`stage absent pale ${past ? "past" : "future"}`}>
      <span className="rail"><i /></span>
      <div className="stage-body">
        <div className="row">
          <span className="name">{name}</span>
          <span className="about">
            {row.expression !== undefined && <Expression of={row.expression} />}
            <span className="effect">{t(row.absent!)}</span>
          </span>
        </div>
      </div>
    </li>
  );
}

type Summary = { text: string; unchanged: boolean; replaced: boolean };

function summary(run: Run, visit: Visit, row: Row, moment: number, panes: ReturnType<typeof panesOf>, { t, count, span }: Words): Summary {
  const plain = (text: string): Summary => ({ text, unchanged: false, replaced: false });
  const at = row.moments.findLast((one) => one <= moment)!;
  const [kind, , , name, value] = run.moments[at];
  const nodes = (id: string) => id.slice(id.lastIndexOf("/States/") + 8);
  switch (row.key) {
    case "input": {
      const before = run.beside(visit, -1);
      const parent = run.trace.frames[visit.frame][1];
      return plain(before ? t("from_state", { state: nodes(before.node) }) : parent >= 0 ? t("from_state", { state: nodes(run.visits[parent].node) }) : t("from_input"));
    }
    case "rule":
      return plain(value < 0 ? t("rule_default") : t("rule_n", { n: Number(run.value(value)) + 1 }));
    case "waits":
      return plain(t("backoff", { time: span(run.moments[at][1] - run.moments[visit.moments[0]][1]) }));
    case "branches":
    case "items":
      return plain(flows(run, visit, moment, row.key, t, count));
    case "error":
      return plain(visit.error?.[0] ?? "");
    case "output": {
      if (kind === "aborted") return plain(t("canceled"));
      const next = run.beside(visit, 1);
      return plain(next ? t("to_state", { state: nodes(next.node) }) : t("to_end"));
    }
    case "execution":
      return plain(t(`run_${String(name)}`));
    case "task":
      return { text: "", unchanged: false, replaced: true };
  }
  if (row.key === "catch" && kind !== "stage") return plain(visit.error?.[0] ?? "");
  if (panes.before === undefined || panes.after === undefined) return plain("");
  const done = effect(panes.before, panes.after);
  if (done.kind === "unchanged") {
    return { text: row.key === "ResultPath" && row.expression === null ? t("thrown_away") : t("unchanged"), unchanged: true, replaced: false };
  }
  if (done.kind === "replaced") return { text: t("replaced"), unchanged: false, replaced: true };
  const parts = (["added", "removed", "changed"] as const).filter((one) => done[one]).map((one) => count(one, done[one]));
  return plain(parts.join(" · "));
}

function flows(run: Run, visit: Visit, moment: number, kind: string, t: Words["t"], count: Words["count"]): string {
  const children = run.trace.children?.[visit.id];
  if (children?.length) {
    const failed = children.filter(([, , status]) => status !== "SUCCEEDED").length;
    return [count("executions", children.length), ...(failed ? [count("executions_failed", failed)] : [])].join(" · ");
  }
  const started = visit.moments.find((at) => run.moments[at][0] === "mapStarted");
  const total = kind === "items" && started !== undefined
    ? Number(run.value(run.moments[started][4]))
    : run.trace.frames.filter(([, parent]) => parent === visit.id).length;
  const done = visit.moments.filter((at) => at <= moment && run.moments[at][0] === "iterationSucceeded").length;
  const said = count(kind === "items" ? "items" : "concurrent", total);
  return kind === "items" && run.trace.frames.some(([, parent]) => parent === visit.id) ? `${said} · ${t("done_of", { n: done, m: total })}` : said;
}

function Expression({ of }: { of: Json }) {
  const tokens = typeof of === "string" ? [{ is: "mark", text: of } as Token] : inline(of);
  const whole = tokens.map((token) => token.text).join("");
  return <code className="expression" title={whole}>{whole.length > 300 ? `${whole.slice(0, 300)}…` : whole}</code>;
}

function Tries({ tries }: { tries: Try[] }) {
  const { t, span } = usePlayer().words;
  const shown = tries.slice(-6);
  return (
    <span className="tries">
      {tries.length > shown.length && <span className="quiet">{`… ${tries.length - shown.length} +`}</span>}
      {shown.map((one, i) => (
        <span key={i} className="try">
          <StatusIcon status={one.outcome === "waiting" ? "waiting" : one.outcome} size={14} />
          <span>
            {one.outcome === "succeeded" ? t("try_succeeded", { time: span(one.took) })
              : one.outcome === "failed" ? t("try_failed", { error: one.error, time: span(one.took) })
              : t(one.outcome === "waiting" ? "parked" : "try_running")}
          </span>
          {one.wait !== null && <span className="wait"><Icon of="retry" size={12} /> {t("backoff", { time: span(one.wait) })}</span>}
        </span>
      ))}
    </span>
  );
}

function Size({ bytes, meter }: { bytes: number; meter: boolean }) {
  const { t, bytes: said, percent } = usePlayer().words;
  const share = bytes / LIMIT;
  const level = share > 1 ? "over" : share >= 0.8 ? "near" : "";
  return (
    <span className={`size ${level}`} title={share > 1 ? t("over_limit") : t("of_limit", { percent: percent(share) })}>
      {said(bytes)}
      {meter && <i className="meter"><i style={{ width: `${Math.min(100, Math.max(3, 100 * share))}%` }} /></i>}
    </span>
  );
}

function DecodedCause({ value }: { value: Json | undefined }) {
  const { t } = usePlayer().words;
  const cause = typeof value === "object" && value !== null && !Array.isArray(value) && "Error" in value ? value.Cause : null;
  const decoded = useMemo(() => {
    if (typeof cause !== "string" || !/^\s*[[{]/.test(cause)) return undefined;
    try {
      return JSON.parse(cause) as Json;
    } catch {
      return undefined;
    }
  }, [cause]);
  return decoded === undefined ? null : <div className="decoded"><p>{t("cause_json")}</p><Shown value={decoded} caption="" /></div>;
}

function Execution({ run, moment }: { run: Run; moment: number }) {
  const { t } = usePlayer().words;
  const [kind, , , name, value] = run.moments[moment];
  const over = kind === "ended";
  const told = over && name !== "SUCCEEDED" ? [run.trace.error, run.trace.cause] : null;
  const stands = over ? run.lastExit() : moment;
  const from = useMemo<Origin | null>(() => (told || stands === undefined ? null : { moment: stands, roots: INPUT }), [told === null, stands]);
  return (
    <div className="ladder">
      <p className="lead">{over ? t("ended", { status: t(`run_${String(name)}`) }) : t("started")}</p>
      <div className="open alone"><Shown value={told ? { Error: told[0], Cause: told[1] } : run.value(value)} caption={told ? "error" : over ? "output" : "input"} from={from} /></div>
    </div>
  );
}

function Events({ run, moment }: { run: Run; moment: number }) {
  const player = usePlayer();
  const { t, clock } = player.words;
  const last = run.eventsAt[moment];
  const from = Math.max(1, last - 199);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [last]);
  if (last === 0) return <p className="note">{t("no_events")}</p>;
  return (
    <div className="ladder events" ref={list}>
      <table>
        <tbody>
          {Array.from({ length: last - from + 1 }, (_, i) => from + i).map((number) => {
            const at = run.momentOfEvent[number];
            const visit = at >= 0 ? run.visitAt(at) : null;
            return (
              <tr key={number} className={number === last ? "now" : ""}>
                <td className="number">{number}</td>
                <td>
                  <button type="button" disabled={at < 0} onClick={() => player.goMoment(at)}>{run.trace.events[number - 1]}</button>
                </td>
                <td className="cut">{visit ? visit.node.slice(visit.node.lastIndexOf("/States/") + 8) : ""}</td>
                <td className="number">{at >= 0 ? clock(run.moments[at][1]) : ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Variables({ run, visit, moment }: { run: Run; visit: Visit | null; moment: number }) {
  const { t } = usePlayer().words;
  const value = run.variables(visit?.frame ?? 0, moment);
  return Object.keys(value).length === 0 ? <p className="note">{t("no_variables")}</p>
    : (
      <div className="ladder">
        <div className="open alone">
          <Shown value={value} caption="variables" from={{ moment, roots: VARIABLES, variables: visit?.frame ?? 0 }} />
        </div>
      </div>
    );
}

const VARIABLES: Origin["roots"] = ["$", "$"];
const CONTEXT: Origin = { moment: -1, roots: ["$$", "$states.context"] };

function Context({ run, visit, moment }: { run: Run; visit: Visit; moment: number }) {
  const value = useMemo(() => run.context(visit, moment), [run, visit, moment]);
  return <div className="ladder"><div className="open alone"><Shown value={value} caption="context" from={CONTEXT} /></div></div>;
}

function Definition({ node }: { node: string }) {
  const player = usePlayer();
  const state = player.props.states[node];
  return <div className="ladder">{state && <div className="open alone"><Shown value={state} caption="written_as" /></div>}</div>;
}

function Stray({ run, node }: { run: Run; node: string }) {
  const player = usePlayer();
  const { t, number } = player.words;
  const first = run.visitsOf.get(node)?.[0];
  const step = first === undefined ? null : run.stepAt[run.visits[first].moments[0]];
  const why = player.props.graph.nodes.find((one) => one.id === node)?.broken;
  return (
    <>
      <p className="note">
        {why ?? (step === null ? t("not_run_here") : t("not_run_yet", { n: number(step + 1) }))}{" "}
        {step !== null && <button type="button" className="link" onClick={() => player.go(step)}>{t("go_there")}</button>}
      </p>
      <Definition node={node} />
    </>
  );
}

function Empty({ node }: { node: string | null }) {
  const player = usePlayer();
  const { t } = player.words;
  const why = player.props.problems ? player.props.graph.nodes.find((one) => one.id === node)?.broken : null;
  if (node) return <>{why && <p className="note">{why}</p>}<Definition node={node} /></>;
  return (
    <div className="empty">
      <Icon of="empty" size={40} />
      <h3>{t("empty_title")}</h3>
      <p>{t("empty_text")}</p>
      <p className="quiet">{t("empty_select")}</p>
    </div>
  );
}
