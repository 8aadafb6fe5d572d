// What the reader is doing: where the run stands, what is chosen, what is playing. One small store; views read slices.

import { createContext, useContext, useSyncExternalStore } from "react";
import { dive } from "./children";
import type { Path } from "./json";
import { into, out, over, toNode } from "./moves";
import { askedOf, breakpoint, recalled, remember, sameBreak, settled, stopsOf, unfolded, type Answers, type Breakpoint, type Kind } from "./points";
import type { Origin } from "./rows";
import { Run, runOf } from "./run";
import type { Answer, Json, Props } from "./types";
import { words, type Words } from "./words";

export type Grain = "stage" | "change" | "state";
export type Tab = "stages" | "variables" | "context" | "watches" | "events" | "definition";
export const SPEEDS = [0.5, 1, 2, 4];
const HOP_MS = 900;
const REST_MS = 250;
const KEEP_MS = 300;

export type View = {
  /** index into run.steps */
  step: number;
  selected: string | null;
  grain: Grain;
  tab: Tab;
  playing: boolean;
  speed: number;
  outline: boolean;
  help: boolean;
  dark: boolean;
  /** what no scenario went through is marked on the graph */
  covered: boolean;
  /** counts what should bring the current node into sight */
  follow: number;
  breaks: Breakpoint[];
  /** the list of breakpoints is open */
  listed: boolean;
  watches: string[];
  /** a watch that Python has not understood yet */
  fresh: string | null;
  /** the watch whose changes stand on the slider */
  watched: string | null;
  /** the value that was clicked */
  pointed: Pointed | null;
  /** where it came from, once Python has said so */
  answer: Answer | null;
  /** the node whose menu is open, and where on the page */
  menu: { node: string; x: number; y: number } | null;
};

/** A value in one of the panes: `path` leads to it from the value that stands at `origin`. */
export type Pointed = { origin: Origin; path: Path; value: Json; seq: number };

export type Tell = { cursor(value: unknown): void; select(value: unknown): void; ask(value: unknown): void; questions(value: unknown): void; dive(value: unknown): void };
export type Camera = { fit(): void; fitWidth(): void; zoom(by: number): void };

export class Player {
  props: Props;
  run: Run | null;
  words: Words;
  camera: Camera | null = null;
  view: View = {
    step: 0, selected: null, grain: "stage", tab: "stages", playing: false, speed: 1, outline: false, help: false, dark: false, follow: 0,
    breaks: [], listed: false, watches: [], fresh: null, watched: null, covered: true, pointed: null, answer: null, menu: null,
  };
  private listeners = new Set<() => void>();
  private timer = 0;
  private resting = 0;
  private said = "";
  private asked = JSON.stringify(askedOf({ breaks: [], watches: [] }, null));
  private seq = 0;

  constructor(props: Props, private tell: Tell) {
    this.props = { ...props, points: unfolded(props.points) };
    this.run = runOf(props);
    this.words = words(props.texts, props.locale);
    this.view.step = this.startStep();
    this.view.selected = props.start.selected;
    Object.assign(this.view, recalled(props.points?.key));
    if (props.points) window.setTimeout(() => this.keep(), KEEP_MS);
  }

  /** New data from Python. A trace that is the same keeps the reader where they are. */
  update(props: Props, tell: Tell): void {
    const old = this.props;
    this.tell = tell;
    const changed = old.trace?.id !== props.trace?.id || JSON.stringify(old.states) !== JSON.stringify(props.states);
    if (JSON.stringify([old.texts, old.locale]) !== JSON.stringify([props.texts, props.locale])) {
      this.words = words(props.texts, props.locale);
    }
    this.props = { ...props, points: unfolded(props.points), ...(JSON.stringify(old.graph) === JSON.stringify(props.graph) && { graph: old.graph }) };
    if (changed) {
      this.stop();
      this.run = runOf(props);
      this.forget();
      this.set({ step: this.startStep(), selected: props.start.selected, tab: "stages", pointed: null, answer: null });
    } else if (props.start.order !== old.start.order) {
      this.stop();
      this.set({ step: this.startStep(), selected: props.start.selected, follow: this.view.follow + 1 });
    } else if (props.start.selected !== old.start.selected) this.set({ selected: props.start.selected });
    else this.set({});
    if (old.points?.key !== props.points?.key) this.mark({ ...recalled(props.points?.key), fresh: null, watched: null });
    this.settle();
    if (props.answer && props.answer.seq === this.view.pointed?.seq) this.set({ answer: props.answer });
    if (props.reports.cursor) this.report();
  }

  private startStep(): number {
    const at = this.props.start.cursor;
    if (!this.run || at === null) return 0;
    return this.run.stepAt[Math.min(Math.max(at, 0), this.run.moments.length - 1)];
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.listeners.forEach((listener) => listener());
  }

  /** A change of breakpoints or watches: it is kept, and Python is asked what it has to answer. */
  mark(change: Partial<View>): void {
    this.set(change);
    this.keep();
  }

  /** The page may have forgotten what it was asked: the next change asks for all of it. */
  askAgain(): void {
    this.asked = "";
    window.setTimeout(() => this.keep(), KEEP_MS);
  }

  private keep(): void {
    const { props, view } = this;
    if (!props.points) return;
    remember(props.points.key, view);
    const asked = JSON.stringify(askedOf(view, view.fresh));
    if (asked === this.asked) return;
    this.asked = asked;
    this.tell.questions(JSON.parse(asked));
  }

  /** Conditions and watches that Python has understood come into force. */
  private settle(): void {
    const { points } = this.props;
    const breaks = settled(this.view.breaks, points);
    if (breaks) this.mark({ breaks });
    const { fresh, watches } = this.view;
    const told = fresh === null ? undefined : points?.watches[fresh];
    if (told && told.error === undefined) this.mark({ watches: [...watches, fresh!], fresh: null, watched: fresh });
  }

  get moment(): number {
    return this.run ? this.run.steps[this.view.step] : -1;
  }

  /** The node at the cursor. */
  get current(): string | null {
    return this.run?.visitAt(this.moment)?.node ?? null;
  }

  /** The nodes on the way of the value that was asked about. */
  get trail(): ReadonlySet<string> {
    const { answer } = this.view;
    if (this.walked.answer !== answer) {
      const links = answer ? [...answer.steps, ...answer.sources.flat()] : [];
      this.walked = { answer, nodes: new Set(links.flatMap(({ node, through }) => (node === null ? through : [node, ...through]))) };
    }
    return this.walked.nodes;
  }

  private walked: { answer: Answer | null; nodes: ReadonlySet<string> } = { answer: null, nodes: new Set() };

  go(step: number, keepPlaying = false): void {
    if (!this.run) return;
    if (!keepPlaying) this.stop();
    const to = Math.min(Math.max(step, 0), this.run.steps.length - 1);
    if (to === this.view.step && this.view.selected === null) return;
    this.set({ step: to, selected: null, pointed: null, answer: null, follow: this.view.follow + 1, tab: this.view.tab === "definition" ? "stages" : this.view.tab });
    this.report();
  }

  goMoment(moment: number): void {
    if (this.run) this.go(this.run.stepAt[moment]);
  }

  private stops(grain: Grain): number[] | null {
    return grain === "state" ? this.run!.borders : grain === "change" ? this.run!.changes : null;
  }

  /** One hop of the grain, forwards or back. */
  hop(by: 1 | -1, grain: Grain = this.view.grain, keepPlaying = false): void {
    if (!this.run) return;
    const stops = this.stops(grain);
    const here = this.view.step;
    if (!stops) return this.go(here + by, keepPlaying);
    const to = by > 0 ? stops.find((stop) => stop > here) : stops.findLast((stop) => stop < here);
    this.go(to ?? (by > 0 ? this.run.steps.length - 1 : 0), keepPlaying);
  }

  get atEnd(): boolean {
    return !this.run || this.view.step >= this.run.steps.length - 1;
  }

  over(by: 1 | -1): void {
    if (this.run) this.go(over(this.run, this.view.step, by));
  }

  into(): void {
    if (this.run && !dive(this)) this.go(into(this.run, this.view.step));
  }

  out(): void {
    const visit = this.run?.visitAt(this.moment);
    if (this.props.place && (!visit || visit.frame === 0)) return this.rise(1);
    if (this.run) this.go(out(this.run, this.view.step));
  }

  /** Into a child execution: Python sends it, and the way to it. `beside` goes from one to another of the same visit. */
  dive(visit: number, place: number, beside = false): void {
    this.stop();
    this.tell.dive({ visit, place, moment: Math.max(0, this.moment), up: 0, beside, seq: ++this.seq });
  }

  /** Out of so many child executions. */
  rise(levels: number): void {
    this.stop();
    this.tell.dive({ visit: 0, place: 0, moment: 0, up: levels, beside: false, seq: ++this.seq });
  }

  /** Run to the next visit of a node, or back to the one before. */
  runTo(node: string, by: 1 | -1): void {
    const to = this.run && toNode(this.run, this.view.step, node, by);
    if (to !== null) this.go(to);
  }

  /** The steps at which breakpoints stop; kept until the run or the breakpoints change. */
  get halts(): number[] {
    const { breaks } = this.view;
    const answers = this.props.points;
    if (this.known?.breaks !== breaks || this.known.answers !== answers) this.known = { breaks, answers, stops: this.run ? stopsOf(this.run, breaks, answers) : [] };
    return this.known.stops;
  }

  private known: { breaks: Breakpoint[]; answers: Answers | null | undefined; stops: number[] } | null = null;
  private forget(): void {
    this.known = null;
  }

  /** On to the next breakpoint, or to the end; back to the one before, or to the beginning. */
  resume(by: 1 | -1): void {
    const here = this.view.step;
    const stop = by > 0 ? this.halts.find((step) => step > here) : this.halts.findLast((step) => step < here);
    this.go(stop ?? (by > 0 ? Infinity : 0));
  }

  /** The life of a breakpoint: set, off, gone. */
  turn(kind: Kind, node: string): void {
    const { breaks } = this.view;
    const point = breakpoint(kind, node);
    const here = breaks.find((one) => sameBreak(one, point));
    this.mark({
      breaks: !here ? [...breaks, point]
        : here.on ? breaks.map((one) => (one === here ? { ...one, on: false } : one))
        : breaks.filter((one) => one !== here),
    });
  }

  toggle(): void {
    if (this.view.playing) return this.stop();
    if (!this.run) return;
    if (this.atEnd) this.go(0);
    this.set({ playing: true });
    this.tick();
  }

  private tick(): void {
    this.timer = window.setTimeout(() => {
      const before = this.view.step;
      this.hop(1, this.view.grain, true);
      const halt = this.halts.find((step) => step > before && step <= this.view.step);
      if (halt !== undefined) {
        this.stop();
        this.go(halt);
      } else if (this.atEnd) this.stop();
      else this.tick();
    }, HOP_MS / this.view.speed);
  }

  stop(): void {
    window.clearTimeout(this.timer);
    if (this.view.playing) this.set({ playing: false });
  }

  /** Choose a node: go to its visit nearest before the cursor, else its first; a node that never runs shows itself. */
  choose(node: string): void {
    this.stop();
    const visits = this.run?.visitsOf.get(node);
    if (this.run && visits) {
      const before = visits.filter((id) => this.run!.visits[id].moments[0] <= this.moment).at(-1);
      const visit = this.run.visits[before ?? visits[0]];
      if (before === undefined || this.current !== node) {
        const reached = before === undefined ? visit.moments[0] : Math.min(visit.moments.at(-1)!, this.moment);
        this.set({ step: this.run.stepAt[reached] });
      }
    }
    this.set({ selected: node, pointed: null, answer: null, menu: null });
    if (this.props.reports.select) this.tell.select({ node, seq: ++this.seq });
    if (visits) this.report();
  }

  /** A value was clicked: its paths are shown, and Python is asked where it came from. */
  point(origin: Origin, path: Path, value: Json): void {
    this.stop();
    const before = this.view.pointed;
    const again = before?.origin.moment === origin.moment && before.origin.roots === origin.roots && JSON.stringify(before.path) === JSON.stringify(path);
    if (again) return this.set({ pointed: null, answer: null });
    const pointed = { origin, path, value, seq: ++this.seq };
    this.set({ pointed, answer: null });
    let moment = origin.moment;
    if (origin.variables !== undefined) moment = this.run?.assignedAt(origin.variables, moment, String(path[0])) ?? -1;
    if (this.props.reports.ask && moment >= 0) this.tell.ask({ moment, path, seq: pointed.seq });
  }

  /** Tell Python where the stepping came to rest, if it asked. */
  private report(): void {
    if (!this.props.reports.cursor || !this.run) return;
    window.clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      const visit = this.run?.visitAt(this.moment);
      const value = { moment: this.moment, visit: visit?.id ?? -1, node: visit?.node ?? null };
      if (JSON.stringify(value) !== this.said) {
        this.said = JSON.stringify(value);
        this.tell.cursor(value);
      }
    }, REST_MS);
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    window.clearTimeout(this.resting);
    this.listeners.clear();
  }
}

export const PlayerContext = createContext<Player>(null as unknown as Player);
export const usePlayer = (): Player => useContext(PlayerContext);

/** A slice of what is going on. It must be a primitive, or the same object as long as nothing changed. */
export function useView<T>(slice: (player: Player) => T): T {
  const player = usePlayer();
  return useSyncExternalStore(player.subscribe, () => slice(player));
}
