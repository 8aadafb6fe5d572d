// The time bar: transport, position, and every visit over virtual time with its attempts and the pauses between them.

import { memo, useLayoutEffect, useMemo, useRef, useState, type JSX } from "react";
import { Breaks } from "./breaks";
import { SPEEDS, usePlayer, useView, type Grain } from "./player";
import type { Run, Visit } from "./run";
import { Tool } from "./tool";

const GRAINS: Grain[] = ["stage", "change", "state"];
const ROW = 19;
const MOST_TICKS = 400;

export function TimeBar(): JSX.Element | null {
  const player = usePlayer();
  const run = useView((p) => p.run);
  return run ? (
    <section className="card time" aria-label={player.words.t("time")}>
      <Transport run={run} />
      <Slider run={run} />
      <Gantt run={run} />
    </section>
  ) : null;
}

function Transport({ run }: { run: Run }) {
  const player = usePlayer();
  const { t, number, clock } = player.words;
  const step = useView((p) => p.view.step);
  const playing = useView((p) => p.view.playing);
  const grain = useView((p) => p.view.grain);
  const speed = useView((p) => p.view.speed);
  const moment = run.steps[step];
  const stops = useView((p) => p.halts.length > 0);
  const visit = run.visitAt(moment);
  const last = run.steps.length - 1;
  const next = (found: number[]) => player.goMoment(found.find((at) => at > moment) ?? found[0]);
  const jumps = [["jump_error", run.errors], ["jump_catch", run.catches], ["jump_retry", run.retries]] as const;
  return (
    <div className="transport">
      <Tool icon="first" label={t("first")} keys="Home" disabled={step === 0} onClick={() => player.go(0)} />
      <Tool icon="back" label={t("back")} keys="←" disabled={step === 0} onClick={() => player.hop(-1)} />
      <Tool main icon={playing ? "pause" : "play"} label={t(playing ? "pause" : "play")} keys={t("key_space")} onClick={() => player.toggle()} />
      <Tool icon="forward" label={t("forward")} keys="→" disabled={step === last} onClick={() => player.hop(1)} />
      <Tool icon="last" label={t("last")} keys="End" disabled={step === last} onClick={() => player.go(last)} />
      <Tool icon="over" label={t("over")} keys="n" disabled={step === last} onClick={() => player.over(1)} />
      <Tool icon="into" label={t("into")} keys="i" disabled={step === last} onClick={() => player.into()} />
      <Tool icon="out" label={t("out")} keys="o" disabled={step === last} onClick={() => player.out()} />
      {stops && <Tool icon="resume" label={t("resume")} keys="⇧→" disabled={step === last} onClick={() => player.resume(1)} />}
      <select aria-label={t("by")} value={grain} onChange={(event) => player.set({ grain: event.target.value as Grain })}>
        {GRAINS.map((one) => <option key={one} value={one}>{t(`by_${one}`)}</option>)}
      </select>
      <select aria-label={t("speed")} value={speed} onChange={(event) => player.set({ speed: Number(event.target.value) })}>
        {SPEEDS.map((one) => <option key={one} value={one}>{one}×</option>)}
      </select>
      <span className="position" data-step={step + 1} data-steps={run.steps.length} data-states={run.visits.length}>
        <b>{t("step")} {number(step + 1)}</b> {t("of")} {number(run.steps.length)}
        <i>·</i> t = <b>{clock(run.moments[moment][1])}</b>
        <i>·</i> {t("state_of", { n: number(visit ? visit.id + 1 : moment === 0 ? 0 : run.visits.length), m: number(run.visits.length) })}
      </span>
      <span className="jumps">
        <Breaks />
        {jumps.some(([, found]) => found.length > 0) && <span>{t("jump")}:</span>}
        {jumps.map(([name, found]) => found.length > 0 && (
          <button key={name} type="button" className="link" onClick={() => next(found)}>{t(name)}</button>
        ))}
        <Tool icon="help" label={t("keys")} keys="?" onClick={() => player.set({ help: true })} />
      </span>
    </div>
  );
}

function Slider({ run }: { run: Run }) {
  const player = usePlayer();
  const { t } = player.words;
  const step = useView((p) => p.view.step);
  const last = Math.max(1, run.steps.length - 1);
  const ticks = useMemo(() => {
    const every = Math.ceil(run.borders.length / MOST_TICKS);
    return run.borders.filter((_, i) => i % every === 0).map((border) => `M${(1000 * border) / last} 0V10`).join("");
  }, [run, last]);
  const watched = useView((p) => (p.view.watched === null ? undefined : p.props.points?.watches[p.view.watched]));
  const changes = useMemo(() => {
    const steps = [...new Set((watched?.at ?? []).slice(1).map((at) => run.stepAt[at]))];
    const every = Math.ceil(steps.length / MOST_TICKS) || 1;
    return steps.filter((_, i) => i % every === 0).map((at) => `M${(1000 * at) / last} -2V12`).join("");
  }, [run, last, watched]);
  const said = useView((p) => announcement(p.run!, p.moment, t));
  return (
    <div className="slider" style={{ "--at": step / last } as React.CSSProperties}>
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <path d={ticks} vectorEffect="non-scaling-stroke" />
        {changes && <path className="watched" d={changes} vectorEffect="non-scaling-stroke" />}
      </svg>
      <input type="range" min={0} max={run.steps.length - 1} value={step} aria-label={t("position")} aria-valuetext={said}
        onChange={(event) => player.go(Number(event.target.value))} />
    </div>
  );
}

/** Where a step stands, in a few words: names and fields are the user's own. */
export function announcement(run: Run, moment: number, t: (key: string, values?: Record<string, string>) => string): string {
  const visit = run.visitAt(moment);
  const [kind, , , name] = run.moments[moment];
  const error = visit?.error?.[0] ?? "";
  const what =
    kind === "stage" ? String(name).replace(/^after/, "") : kind === "ended" ? t("ended", { status: t(`run_${String(name)}`) }) : t(`say_${kind}`, { error });
  return [visit ? visit.node.slice(visit.node.lastIndexOf("/States/") + 8) : "", what].filter(Boolean).join(", ");
}

function Gantt({ run }: { run: Run }) {
  const player = usePlayer();
  const moment = useView((p) => p.moment);
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [tall, setTall] = useState(7 * ROW);
  const here = run.visitAt(moment)?.id ?? (moment === 0 ? 0 : run.visits.length - 1);
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    setTall(list.clientHeight);
    const at = here * ROW;
    if (at < list.scrollTop) list.scrollTop = at;
    else if (at + ROW > list.scrollTop + list.clientHeight) list.scrollTop = at + ROW - list.clientHeight;
    setTop(list.scrollTop);
  }, [here, run]);
  const from = Math.max(0, Math.floor(top / ROW) - 2);
  const to = Math.min(run.visits.length, Math.ceil((top + tall) / ROW) + 2);
  const scale = useMemo(() => scaleOf(run), [run]);
  if (run.visits.length === 0) return null;
  return (
    <div className="gantt" ref={box} role="list" aria-label={player.words.t("timeline")} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <div style={{ height: run.visits.length * ROW }}>
        {run.visits.slice(from, to).map((visit) => (
          <Lane key={visit.id} run={run} visit={visit} scale={scale} moment={moment} here={visit.id === here} />
        ))}
      </div>
    </div>
  );
}

type Scale = (moment: number) => number;

/** From a moment to its share of the width: by virtual time, or by steps where no time passes. */
function scaleOf(run: Run): Scale {
  const end = Math.max(run.trace.duration, run.moments[run.moments.length - 1][1]);
  const last = Math.max(1, run.moments.length - 1);
  return end > 0 ? (moment) => run.moments[moment][1] / end : (moment) => moment / last;
}

type Bar = { from: number; to: number; start: number; look: string };

function barsOf(run: Run, visit: Visit, scale: Scale): Bar[] {
  const bars: Bar[] = [];
  const ends = (at: number) => visit.moments[Math.min(visit.moments.indexOf(at) + 1, visit.moments.length - 1)];
  const lastAt = visit.moments[visit.moments.length - 1];
  const kinds = visit.moments.map((at) => run.moments[at][0]);
  if (!kinds.includes("scheduled")) {
    const status = run.statusOf(visit.node, lastAt).status;
    const open = !kinds.includes("exited") && status !== "failed" && status !== "canceled";
    bars.push({ from: scale(visit.moments[0]), to: open ? 1 : scale(lastAt), start: visit.moments[0], look: status });
    return bars;
  }
  let began = -1;
  visit.moments.forEach((at, i) => {
    const kind = kinds[i];
    if (kind === "scheduled") began = at;
    else if (kind === "succeeded" || kind === "failed" || kind === "timedOut" || kind === "aborted") {
      if (began >= 0) bars.push({ from: scale(began), to: scale(at), start: began, look: kind === "succeeded" ? "succeeded" : kind === "aborted" ? "canceled" : "failed" });
      began = -1;
    } else if (kind === "retry") bars.push({ from: scale(at), to: scale(ends(at)), start: at, look: "backoff" });
  });
  if (began >= 0) bars.push({ from: scale(began), to: 1, start: began, look: "running" });
  return bars;
}

const Lane = memo(function Lane({ run, visit, scale, moment, here }: { run: Run; visit: Visit; scale: Scale; moment: number; here: boolean }) {
  const player = usePlayer();
  const { t, clock } = player.words;
  const bars = useMemo(() => barsOf(run, visit, scale), [run, visit, scale]);
  const name = visit.node.slice(visit.node.lastIndexOf("/States/") + 8);
  const first = visit.moments[0];
  const place = run.address(visit.frame).map(({ index, kind }) => (kind === "branch" ? index + 1 : index)).join(".");
  const status = run.statusOf(visit.node, Math.min(moment, visit.moments[visit.moments.length - 1])).status;
  const said = `${name}${place ? ` ${place}` : ""}, t = ${clock(run.moments[first][1])}`;
  return (
    <div className={`lane-row${here ? " here" : ""}${first > moment ? " future" : ""}`} style={{ top: visit.id * ROW }} role="listitem">
      <button type="button" title={said} aria-label={`${said}, ${t(first > moment ? "not_yet" : status)}`} tabIndex={here ? 0 : -1}
        onClick={() => player.goMoment(first)}>
        <span className="lane-name">{name}{place && <small> {place}</small>}</span>
        <span className="lane">
          {bars.map((bar, i) => (
            <i key={i} className={`piece is-${bar.look}${bar.start > moment ? " later" : ""}`}
              style={{ left: `min(${100 * bar.from}%, 100% - 3px)`, width: `max(3px, ${100 * (bar.to - bar.from)}%)` }} />
          ))}
          <i className="hand" style={{ left: `${100 * scale(moment)}%` }} />
        </span>
      </button>
    </div>
  );
});

