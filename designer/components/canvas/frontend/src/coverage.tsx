// What no scenario went through: how much was covered, a switch that shows it on the graph, and what the patterns mean.

import type { JSX } from "react";
import { usePlayer, useView, type Player } from "./player";

/** Coverage as Python counts it: ids of what was never reached, and how many of how many were. */
export type Coverage = { states: string[]; edges: string[]; counts: [number, number, number, number] };

const missed = new WeakMap<Coverage, ReadonlySet<string>>();

/** Is this state or way shown as one that no scenario went through? */
export function uncovered(player: Player, id: string): boolean {
  const { coverage } = player.props;
  if (!coverage || !player.view.covered) return false;
  let ids = missed.get(coverage);
  if (!ids) missed.set(coverage, (ids = new Set([...coverage.states, ...coverage.edges])));
  return ids.has(id);
}

/** Below the graph and the outline: how much was covered, what the patterns mean, and the switch that hides them. */
export function Covered(): JSX.Element | null {
  const player = usePlayer();
  const { t, number } = player.words;
  const coverage = useView((p) => p.props.coverage);
  const shown = useView((p) => p.view.covered);
  if (!coverage) return null;
  const [states, ofStates, edges, ofEdges] = coverage.counts.map(number);
  return (
    <footer className="covered" aria-label={t("coverage")}>
      <b>{t("covered_states", { n: states, m: ofStates })}, {t("covered_ways", { n: edges, m: ofEdges })}</b>
      {shown && coverage.states.length > 0 && <span><i className="hatched" /> {t("never_reached_legend")}</span>}
      {shown && coverage.edges.length > 0 && <span><svg width="30" height="8" aria-hidden="true"><path d="M3 4H29" /></svg> {t("never_taken_legend")}</span>}
      {coverage.states.length + coverage.edges.length > 0 && (
        <button type="button" className="link" aria-pressed={shown} onClick={() => player.set({ covered: !shown })}>{t(shown ? "coverage_hide" : "coverage_show")}</button>
      )}
    </footer>
  );
}
