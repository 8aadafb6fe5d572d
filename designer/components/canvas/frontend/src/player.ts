// What the reader is doing: where the run stands, what is chosen, what is playing. One small store; views read slices.

import { createContext, useContext, useSyncExternalStore } from "react";
import { Run, runOf } from "./run";
import type { Props } from "./types";
import { words, type Words } from "./words";

export type Grain = "stage" | "change" | "state";
export type Tab = "stages" | "variables" | "events" | "definition";
export const SPEEDS = [0.5, 1, 2, 4];
const HOP_MS = 900;
const REST_MS = 250;

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
  /** counts what should bring the current node into sight */
  follow: number;
};

export type Tell = { cursor(value: unknown): void; select(value: unknown): void };
export type Camera = { fit(): void; fitWidth(): void; zoom(by: number): void };

export class Player {
  props: Props;
  run: Run | null;
  words: Words;
  camera: Camera | null = null;
  view: View = {
    step: 0, selected: null, grain: "stage", tab: "stages", playing: false, speed: 1, outline: false, help: false, dark: false, follow: 0,
  };
  private listeners = new Set<() => void>();
  private timer = 0;
  private resting = 0;
  private said = "";
  private seq = 0;

  constructor(props: Props, private tell: Tell) {
    this.props = props;
    this.run = runOf(props);
    this.words = words(props.texts, props.locale);
    this.view.step = this.startStep();
    this.view.selected = props.start.selected;
  }

  /** New data from Python. A trace that is the same keeps the reader where they are. */
  update(props: Props, tell: Tell): void {
    const old = this.props;
    this.tell = tell;
    const changed = old.trace?.id !== props.trace?.id || JSON.stringify(old.states) !== JSON.stringify(props.states);
    if (JSON.stringify([old.texts, old.locale]) !== JSON.stringify([props.texts, props.locale])) {
      this.words = words(props.texts, props.locale);
    }
    this.props = JSON.stringify(old.graph) === JSON.stringify(props.graph) ? { ...props, graph: old.graph } : props;
    if (changed) {
      this.stop();
      this.run = runOf(props);
      this.set({ step: this.startStep(), selected: props.start.selected, tab: "stages" });
    } else if (props.start.selected !== old.start.selected) this.set({ selected: props.start.selected });
    else this.set({});
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

  get moment(): number {
    return this.run ? this.run.steps[this.view.step] : -1;
  }

  /** The node at the cursor. */
  get current(): string | null {
    return this.run?.visitAt(this.moment)?.node ?? null;
  }

  go(step: number, keepPlaying = false): void {
    if (!this.run) return;
    if (!keepPlaying) this.stop();
    const to = Math.min(Math.max(step, 0), this.run.steps.length - 1);
    if (to === this.view.step && this.view.selected === null) return;
    this.set({ step: to, selected: null, follow: this.view.follow + 1, tab: this.view.tab === "definition" ? "stages" : this.view.tab });
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

  toggle(): void {
    if (this.view.playing) return this.stop();
    if (!this.run) return;
    if (this.atEnd) this.go(0);
    this.set({ playing: true });
    this.tick();
  }

  private tick(): void {
    this.timer = window.setTimeout(() => {
      this.hop(1, this.view.grain, true);
      if (this.atEnd) this.stop();
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
    this.set({ selected: node });
    if (this.props.reports.select) this.tell.select({ node, seq: ++this.seq });
    if (visits) this.report();
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
