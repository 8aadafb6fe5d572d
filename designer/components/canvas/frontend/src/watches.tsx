// Watches: expressions with their value at the present step, and the steps at which it changed. Python answered once for the
// whole run, so stepping looks the answer up here.

import { useEffect, useState, type JSX } from "react";
import { Shown } from "./compared";
import { usePlayer, useView } from "./player";
import { changeAt, type Watched } from "./points";
import type { Run } from "./run";
import { Tool } from "./tool";

const BESIDE = 4;

export function Watches({ run, moment }: { run: Run; moment: number }): JSX.Element {
  const { t } = usePlayer().words;
  const watches = useView((p) => p.view.watches);
  const answers = useView((p) => p.props.points?.watches);
  return (
    <div className="ladder watches">
      {watches.length === 0 && <p className="note">{t("no_watches")}</p>}
      {watches.map((text) => <Row key={text} text={text} told={answers?.[text]} run={run} moment={moment} />)}
      <Add />
    </div>
  );
}

function Row({ text, told, run, moment }: { text: string; told: Watched | undefined; run: Run; moment: number }) {
  const player = usePlayer();
  const { t, number } = player.words;
  const chosen = useView((p) => p.view.watched === text);
  const at = told ? changeAt(told, moment) : -1;
  const answer = told && at >= 0 ? told.answers[told.answer[at]] : undefined;
  const beyond = told?.until != null && moment >= told.until;
  const jumps = told ? Array.from({ length: told.at.length }, (_, i) => i).slice(Math.max(0, at - BESIDE), Math.max(0, at - BESIDE) + 2 * BESIDE + 1) : [];
  const go = (change: number) => {
    player.set({ watched: text });
    player.goMoment(told!.at[change]);
  };
  return (
    <section className={`watch${chosen ? " chosen" : ""}`} aria-label={text}>
      <header>
        <button type="button" className="watch-name" aria-pressed={chosen} title={t("watch_ticks")} onClick={() => player.set({ watched: chosen ? null : text })}><code>{text}</code></button>
        <span className="quiet">{told?.language}</span>
        <Tool icon="close" label={t("watch_remove")} onClick={() => player.mark({ watches: player.view.watches.filter((one) => one !== text) })} />
      </header>
      {!told ? <p className="quiet">…</p>
        : told.error !== undefined ? <p className="wrong">{told.error}</p>
        : beyond ? <p className="quiet">{t("stopped_early", { n: number(run.stepAt[told.until!] + 1) })}</p>
        : answer === undefined || answer.none !== undefined ? <p className="quiet none">{answer?.none || t("not_there")}</p>
        : <Shown value={answer.is ?? null} caption="" />}
      {told && told.error === undefined && (
        <p className="jumps-to">
          <span className="quiet">{told.at.length > 1 ? t("watch_changed", { n: number(told.at.length - 1) }) : t("watch_same")}</span>
          {told.at.length > 1 && (
            <>
              <Tool icon="left" label={t("watch_before")} disabled={at <= 0} onClick={() => go(told.at[at] < moment ? at : at - 1)} />
              {jumps.filter((i) => i > 0).map((i) => (
                <button key={i} type="button" className={i === at ? "here" : ""} onClick={() => go(i)} title={t("watch_go", { n: number(run.stepAt[told.at[i]] + 1) })}>
                  {number(run.stepAt[told.at[i]] + 1)}
                </button>
              ))}
              <Tool icon="right" label={t("watch_after")} disabled={at >= told.at.length - 1} onClick={() => go(at + 1)} />
            </>
          )}
        </p>
      )}
    </section>
  );
}

/** A watch more: kept when Python understands it; else what is wrong stands below the box, and the text stays in it. */
function Add() {
  const player = usePlayer();
  const { t } = player.words;
  const fresh = useView((p) => p.view.fresh);
  const wrong = useView((p) => (p.view.fresh === null ? undefined : p.props.points?.watches[p.view.fresh]?.error));
  const [text, setText] = useState(fresh ?? "");
  const kept = useView((p) => p.view.watches);
  useEffect(() => setText((now) => (kept.includes(now.trim()) ? "" : now)), [kept]);
  return (
    <form className="watch-add" onSubmit={(event) => {
      event.preventDefault();
      const wanted = text.trim();
      if (player.view.watches.includes(wanted)) setText("");
      else if (wanted) player.mark({ fresh: wanted });
    }}>
      <input type="text" spellCheck={false} autoComplete="off" value={text} placeholder={t("watch_sample")} aria-label={t("watch_new")} aria-invalid={wrong !== undefined}
        onChange={(event) => {
          setText(event.target.value);
          if (wrong !== undefined) player.mark({ fresh: null });
        }} />
      <button type="submit">{t("watch_add")}</button>
      {wrong !== undefined && <p className="wrong" role="alert">{wrong}</p>}
    </form>
  );
}
