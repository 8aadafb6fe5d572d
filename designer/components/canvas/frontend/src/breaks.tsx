// Breakpoints: dots at the two sides of a node, and the list of all of them. Their life is set, off, gone.

import { useEffect, useRef, type JSX } from "react";
import { sameBreak, type Breakpoint } from "./moves";
import { usePlayer, useView } from "./player";
import { Tool } from "./tool";

/** The dots of a node, where its data comes in and where it goes out; pale ones appear under the mouse. */
export function Dots({ node }: { node: string }): JSX.Element {
  const player = usePlayer();
  const { t } = player.words;
  const breaks = useView((p) => p.view.breaks);
  return (
    <>
      {(["entry", "exit"] as const).map((kind) => {
        const point = breaks.find((one) => "node" in one && one.kind === kind && one.node === node);
        const word = t(`break_${kind}_${!point ? "set" : point.on ? "off" : "remove"}`);
        return (
          <button key={kind} type="button" className={`dot at-${kind}${point ? (point.on ? " on" : " off") : ""}`} tabIndex={-1} title={word} aria-label={word}
            onClick={(event) => {
              event.stopPropagation();
              player.turn({ kind, node, on: true });
            }} />
        );
      })}
    </>
  );
}

const KINDS = ["error", "attempt"] as const;

/** The button in the time bar, and the list that it opens. */
export function Breaks(): JSX.Element {
  const player = usePlayer();
  const { t, count } = player.words;
  const breaks = useView((p) => p.view.breaks);
  const open = useView((p) => p.view.listed);
  const graph = useView((p) => p.props.graph);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const shut = (event: Event) => {
      if (!event.composedPath().includes(box.current!)) player.set({ listed: false });
    };
    document.addEventListener("pointerdown", shut, true);
    return () => document.removeEventListener("pointerdown", shut, true);
  }, [open, player]);
  const active = breaks.filter((one) => one.on).length;
  const name = (node: string) => graph.nodes.find((one) => one.id === node)?.name ?? node;
  const general = KINDS.map((kind): Breakpoint => breaks.find((one) => one.kind === kind) ?? { kind, on: false });
  const own = breaks.filter((one) => "node" in one);
  const check = (point: Breakpoint) => {
    const known = breaks.some((one) => sameBreak(one, point));
    player.set({ breaks: known ? breaks.map((one) => (sameBreak(one, point) ? { ...one, on: !one.on } : one)) : [...breaks, { ...point, on: true }] });
  };
  return (
    <span className="breaks" ref={box}>
      <button type="button" className={`break-count${active ? " some" : ""}`} aria-expanded={open} aria-haspopup="dialog" title={t("breakpoints")} aria-label={t("breakpoints")} onClick={() => player.set({ listed: !open })}>
        <i className={`spot${active ? " on" : ""}`} /> <span className="word">{breaks.length ? count("breakpoints", breaks.length) : t("breakpoints")}</span>
      </button>
      {open && (
        <div className="break-list" role="dialog" aria-label={t("breakpoints")}>
          {own.length === 0 && <p className="quiet">{t("no_breakpoints")}</p>}
          {[...own, ...general].map((point) => (
            <div key={`${point.kind} ${"node" in point ? point.node : ""}`}>
              <label>
                <input type="checkbox" checked={point.on} onChange={() => check(point)} />
                <span>{"node" in point ? t(`break_at_${point.kind}`, { state: name(point.node) }) : t(`break_at_${point.kind}`)}</span>
              </label>
              {"node" in point && <Tool icon="close" label={t("break_remove")} onClick={() => player.set({ breaks: breaks.filter((one) => one !== point) })} />}
            </div>
          ))}
        </div>
      )}
    </span>
  );
}
