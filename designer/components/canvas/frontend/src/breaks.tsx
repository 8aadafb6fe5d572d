// Breakpoints: dots at the two sides of a node, and the list of all of them with their conditions. Their life is set, off, gone.

import { useEffect, useRef, useState, type JSX } from "react";
import { usePlayer, useView } from "./player";
import { breakpoint, idOf, sameBreak, type Breakpoint, type Kind } from "./points";
import { Tool } from "./tool";

/** The dots of a node, where its data comes in and where it goes out; pale ones appear under the mouse. */
export function Dots({ node }: { node: string }): JSX.Element {
  const player = usePlayer();
  const { t } = player.words;
  const breaks = useView((p) => p.view.breaks);
  return (
    <>
      {(["entry", "exit"] as const).map((kind) => {
        const point = breaks.find((one) => one.kind === kind && one.node === node);
        const word = [t(`break_${kind}_${!point ? "set" : point.on ? "off" : "remove"}`), point?.condition].filter(Boolean).join("\n");
        return (
          <button key={kind} type="button" className={`dot at-${kind}${point ? (point.on ? " on" : " off") : ""}${point?.condition ? " asks" : ""}`}
            tabIndex={-1} title={word} aria-label={word}
            onClick={(event) => {
              event.stopPropagation();
              player.turn(kind, node);
            }} />
        );
      })}
    </>
  );
}

const ANY: Kind[] = ["error", "attempt"];
const KINDS: Kind[] = ["entry", "exit", "error", "attempt", "iteration"];

/** The button in the time bar, and the list that it opens. */
export function Breaks(): JSX.Element {
  const player = usePlayer();
  const { t, count } = player.words;
  const breaks = useView((p) => p.view.breaks);
  const open = useView((p) => p.view.listed);
  const graph = useView((p) => p.props.graph);
  const box = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    list.current?.focus();
    const shut = (event: Event) => {
      if (!event.composedPath().includes(box.current!)) player.set({ listed: false });
    };
    document.addEventListener("pointerdown", shut, true);
    return () => document.removeEventListener("pointerdown", shut, true);
  }, [open, player]);
  const active = breaks.filter((one) => one.on).length;
  const general = ANY.map((kind) => breaks.find((one) => one.kind === kind && one.node === null) ?? breakpoint(kind, null, false));
  const own = breaks.filter((one) => graph.nodes.some(({ id }) => id === one.node)); // a child execution may be of another workflow
  return (
    <span className="breaks" ref={box}>
      <button type="button" className={`break-count${active ? " some" : ""}`} aria-expanded={open} aria-haspopup="dialog" title={`${t("breakpoints")}  B`} aria-label={t("breakpoints")} onClick={() => player.set({ listed: !open })}>
        <i className={`spot${active ? " on" : ""}`} /> <span className="word">{breaks.length ? count("breakpoints", breaks.length) : t("breakpoints")}</span>
      </button>
      {open && (
        <div className="break-list" role="dialog" aria-label={t("breakpoints")} ref={list} tabIndex={-1}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            player.set({ listed: false });
            box.current?.querySelector("button")?.focus();
          }}>
          {own.length === 0 && <p className="quiet">{t("no_breakpoints")}</p>}
          {[...own, ...general].map((point) => <Row key={`${point.kind} ${point.node}`} point={point} />)}
          <Add />
        </div>
      )}
    </span>
  );
}

function Row({ point }: { point: Breakpoint }) {
  const player = usePlayer();
  const { t } = player.words;
  const breaks = useView((p) => p.view.breaks);
  const asks = useView((p) => p.props.points != null);
  const graph = useView((p) => p.props.graph);
  const known = breaks.some((one) => sameBreak(one, point));
  const state = graph.nodes.find((one) => one.id === point.node)?.name ?? point.node ?? "";
  const name = t(`break_at_${point.kind}${point.node === null ? "" : point.kind === "entry" || point.kind === "exit" ? "" : "_of"}`, { state });
  const change = (to: Partial<Breakpoint>) =>
    player.mark({ breaks: known ? breaks.map((one) => (sameBreak(one, point) ? { ...one, ...to } : one)) : [...breaks, { ...point, ...to }] });
  return (
    <div className={`break-row${point.on ? "" : " off"}`}>
      <div>
        <label>
          <input type="checkbox" checked={point.on} onChange={() => change({ on: !point.on })} />
          <span>{name}</span>
        </label>
        {known && (point.kind === "attempt" || point.kind === "iteration") && (
          <label className="number">
            {t(point.kind === "attempt" ? "break_attempt" : "break_item")}
            <input type="number" min={point.kind === "attempt" ? 2 : 0} value={point.number ?? ""} placeholder={t("break_every")}
              onChange={(event) => change({ number: event.target.value === "" ? null : Math.max(0, Math.floor(Number(event.target.value))) })} />
          </label>
        )}
        {known && <Tool icon="close" label={t("break_remove")} onClick={() => player.mark({ breaks: breaks.filter((one) => !sameBreak(one, point)) })} />}
      </div>
      {known && asks && <Condition point={point} name={name} change={change} />}
    </div>
  );
}

const SAMPLES: Record<Kind, string> = {
  entry: "$.total > 100", exit: "$.status == 'OPEN'", error: "$.Error == 'Bank.Busy'", attempt: "$error.Error == 'Bank.Busy'", iteration: "$.quantity > 1",
};

/** The condition of a breakpoint: understood by Python, which says what is wrong with it while the last good one stays. */
function Condition({ point, name, change }: { point: Breakpoint; name: string; change: (to: Partial<Breakpoint>) => void }) {
  const player = usePlayer();
  const { t, number } = player.words;
  const [text, setText] = useState(point.draft ?? point.condition);
  const answers = useView((p) => p.props.points?.stops);
  useEffect(() => {
    if (point.draft === null) setText(point.condition);
  }, [point.condition, point.draft]);
  const wrong = point.draft === null ? undefined : answers?.[idOf(point, point.draft)]?.error;
  const told = point.condition ? answers?.[idOf(point)] : undefined;
  const said = !told || told.error !== undefined ? null : [
    t("break_holds", { n: number(told.moments.length), m: number(told.asked) }),
    ...(told.unanswered ? [t("break_unanswered", { n: number(told.unanswered) }) + (told.reason ? `: ${told.reason}` : `: ${t("not_there")}`)] : []),
    ...(told.until === null ? [] : [t("stopped_early", { n: number((player.run?.stepAt[told.until] ?? 0) + 1) })]),
  ].join(" · ");
  const commit = () => {
    const wanted = text.trim();
    if (wanted === (point.draft ?? point.condition)) return;
    change(wanted === "" || wanted === point.condition ? { condition: wanted, draft: null } : { draft: wanted });
  };
  return (
    <div className="break-when">
      <label>
        <span>{t("break_when")}</span>
        <input type="text" spellCheck={false} autoComplete="off" value={text} placeholder={t("break_sample", { sample: SAMPLES[point.kind] })} aria-label={`${t("break_when")} (${name})`}
          aria-invalid={wrong !== undefined} onChange={(event) => setText(event.target.value)} onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }} />
      </label>
      {wrong !== undefined && <p className="wrong" role="alert">{wrong}{point.condition && <> {t("break_stays", { condition: point.condition })}</>}</p>}
      {wrong === undefined && said && <p className="quiet">{said}</p>}
    </div>
  );
}

/** A breakpoint more, without the mouse: what happens, and to which state. */
function Add() {
  const player = usePlayer();
  const { t } = player.words;
  const graph = useView((p) => p.props.graph);
  const breaks = useView((p) => p.view.breaks);
  const here = useView((p) => p.view.selected ?? p.current);
  const run = useView((p) => p.run);
  const apart = new Set(Object.keys(run?.trace.children ?? {}).map((visit) => run!.visits[Number(visit)].node)); // their items are runs of their own
  const [kind, setKind] = useState<Kind>("entry");
  const [chosen, setNode] = useState<string | null>(null);
  const states = graph.nodes.filter((one) => one.type !== "Start" && one.type !== "End" && (kind !== "iteration" || (one.type === "Map" && !apart.has(one.id))));
  const node = [chosen, here].find((one) => states.some(({ id }) => id === one)) ?? states[0]?.id;
  return (
    <form className="break-add" onSubmit={(event) => {
      event.preventDefault();
      if (node !== undefined && !breaks.some((one) => one.kind === kind && one.node === node)) player.mark({ breaks: [...breaks, breakpoint(kind, node)] });
    }}>
      <select aria-label={t("state")} value={node ?? ""} onChange={(event) => setNode(event.target.value)}>
        {states.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </select>
      <select aria-label={t("break_kind")} value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
        {KINDS.map((one) => <option key={one} value={one}>{t(`break_kind_${one}`)}</option>)}
      </select>
      <button type="submit" disabled={node === undefined}>{t("break_add")}</button>
    </form>
  );
}
