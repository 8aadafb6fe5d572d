// What somebody is doing to the drawing: what is selected, dragged, renamed. Nothing is changed here: each edit is a wish that
// is told to Python, one after the other, and what Python sends back is drawn.

import { createContext, useContext, useSyncExternalStore } from "react";
import { folded, type Shown } from "./dot";
import type { Box, Layout, Point } from "./layout";
import { runOf, type Run } from "./run";
import type { Place } from "./targets";
import type { GraphEdge, GraphNode, Item, Props } from "./types";
import { words, type Words } from "./words";

export type Way = "next" | "choice" | "default" | "catch" | "start";
export type Kind =
  | "insert" | "paste" | "move" | "connect" | "reconnect" | "remove" | "rename" | "duplicate" | "wrap" | "lift" | "undo" | "redo" | "seek" | "select";
type Args = Record<string, unknown>;
/** Made when its turn comes: null when there is nothing to ask for any more. */
type Wish = { kind: Kind; make: () => Args | null; rev: number | null };

/** Something under the mouse that can be let go: an item of the palette, or states that are moved. */
export type Load = { item: Item } | { nodes: string[]; name: string };
export type Drop = { place: Place; at: Point } | null;
/** A transition on its way: from a state to where the mouse is, or the end of one that is there already. */
export type Link = { source: string; edge: string | null; caught: boolean; from: Point; to: Point; target: string | null };
export type Seeking = { for: "find" } | { for: "connect"; source: string; caught: boolean } | { for: "reconnect"; edge: string };
export type Menu = { x: number; y: number; of: "node" | "edge" | "pane"; id: string };

export type EditView = {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  query: string;
  load: (Load & { x: number; y: number; drop: Drop }) | null;
  link: Link | null;
  /** The frame that is drawn around several states. */
  band: Box | null;
  /** Which way is meant, when a transition from a Choice was drawn. */
  ways: { x: number; y: number; source: string; target: string } | null;
  renaming: string | null;
  seeking: Seeking | null;
  menu: Menu | null;
  /** Groups that are shut, by the state that holds them. */
  shut: ReadonlySet<string>;
  across: boolean;
  outline: boolean;
  help: boolean;
  dark: boolean;
  /** A sentence that is shown for a while. */
  told: string;
  /** What is said to those who do not look. */
  said: string;
};

export type Camera = {
  fit(): void;
  fitWidth(): void;
  zoom(by: number): void;
  centre(node: string): void;
  toFlow(x: number, y: number): Point;
  /** Moves the picture by so many pixels. */
  pan(dx: number, dy: number): void;
  scale(): number;
  /** The middle of what is seen. */
  middle(): Point;
};

export type Tell = { edit(value: unknown): void };

const ANSWER_MS = 2500;
const TOLD_MS = 7000;
const SEEK_MS = 180;

export class Editor {
  words: Words;
  run: Run | null;
  shown: Shown & { held: Map<string, number> };
  nodes: Map<string, GraphNode>;
  edges: Map<string, GraphEdge>;
  layout: Layout | null = null;
  camera: Camera | null = null;
  /** The element that shows the drawing, and the one that has the focus while it is drawn on. */
  board: HTMLElement | null = null;
  root: HTMLElement | null = null;
  /** Where the last edit was made, in the coordinates of the drawing: what is near stays where it is. */
  touched: Point | null = null;
  laidAcross = false;
  /** How long the last layout took, in ms. */
  measured = 0;
  /** What was selected before the last change of the graph. */
  before: string[] = [];
  /** Bring what is selected into sight when it is next drawn. */
  reveal = false;
  view: EditView = {
    nodes: new Set(), edges: new Set(), query: "", load: null, link: null, band: null, ways: null, renaming: null, seeking: null, menu: null, shut: new Set(),
    across: false, outline: false, help: false, dark: false, told: "", said: "",
  };
  /** The new name of a state until the graph has it. */
  renamed: { node: string; name: string } | null = null;
  private listeners = new Set<() => void>();
  private queue: Wish[] = [];
  private sent: { seq: number; kind: Kind; names: string } | null = null;
  private seq = 0;
  private waiting = 0;
  private telling = 0;
  private seekingLater = 0;

  constructor(public props: Props, private tell: Tell) {
    this.words = words(props.texts, props.locale);
    this.run = runOf(props);
    this.shown = { nodes: [], edges: [], groups: [], held: new Map() };
    this.nodes = new Map();
    this.edges = new Map();
    this.view.nodes = new Set(props.edit!.selected);
    this.draw();
  }

  get edit() {
    return this.props.edit!;
  }

  private draw(): void {
    this.shown = folded(this.props.graph, this.view.shut);
    this.nodes = new Map(this.props.graph.nodes.map((node) => [node.id, node]));
    this.edges = new Map(this.props.graph.edges.map((edge) => [edge.id, edge]));
  }

  update(props: Props, tell: Tell): void {
    const old = this.props;
    this.tell = tell;
    const edit = props.edit!;
    const fresh = edit.rev !== old.edit!.rev;
    if (JSON.stringify([old.texts, old.locale]) !== JSON.stringify([props.texts, props.locale])) this.words = words(props.texts, props.locale);
    const same = !fresh && JSON.stringify(old.graph) === JSON.stringify(props.graph);
    this.props = same ? { ...props, graph: old.graph } : props;
    if (old.trace?.id !== props.trace?.id) this.run = runOf(props);
    const change: Partial<EditView> = {};
    if (!same) {
      this.before = [...this.view.nodes];
      const { renamed } = this;
      if (renamed && fresh) {
        const to = edit.selected[0];
        if (to && this.view.shut.size) change.shut = new Set([...this.view.shut].map((id) => (id === renamed.node || id.startsWith(`${renamed.node}/`) ? to + id.slice(renamed.node.length) : id)));
        this.renamed = null;
      }
      this.view = { ...this.view, ...change };
      this.draw();
      const shut = new Set([...this.view.shut].filter((id) => this.nodes.has(id)));
      if (shut.size !== this.view.shut.size) change.shut = shut;
      change.edges = new Set([...this.view.edges].filter((id) => this.edges.has(id)));
    }
    const answered = this.sent !== null && typeof props.heard === "number" && props.heard >= this.sent.seq;
    const chosen = JSON.stringify(edit.selected) !== JSON.stringify(old.edit!.selected);
    const busy = this.queue.some((wish) => wish.kind === "select") || (this.sent?.kind === "select" && !answered);
    if (fresh || (chosen && !busy)) {
      const next = edit.selected.filter((id) => this.nodes.has(id));
      if (fresh || next.join("\n") !== [...this.view.nodes].join("\n")) {
        change.nodes = new Set(next);
        if (next.length) {
          this.reveal = true;
          change.edges = new Set();
          if (!fresh) change.shut = this.opened(next[0]);
        }
      }
    }
    if (answered) {
      const { kind, names } = this.sent!;
      if (edit.say) this.inform(edit.say);
      else if (fresh && kind !== "select" && kind !== "seek") {
        const told = kind === "remove" ? names : (change.nodes ? [...change.nodes] : []).map((id) => this.name(id)).join(", ");
        change.said = [this.words.t(`did_${kind}`), told].filter(Boolean).join(": ");
        change.told = "";
      }
      if (kind === "rename") this.renamed = null;
      this.sent = null;
      window.clearTimeout(this.waiting);
    } else if (edit.say && edit.say !== old.edit!.say) this.inform(edit.say);
    this.set(change);
    this.pump();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(change: Partial<EditView>): void {
    const refold = change.shut !== undefined && change.shut !== this.view.shut;
    this.view = { ...this.view, ...change };
    if (refold) this.draw();
    this.listeners.forEach((listener) => listener());
  }

  /** A sentence for everybody, for a while. */
  inform(sentence: string): void {
    window.clearTimeout(this.telling);
    this.telling = window.setTimeout(() => this.set({ told: "" }), TOLD_MS);
    this.set({ told: sentence, said: sentence });
  }

  say(sentence: string): void {
    if (sentence !== this.view.said) this.set({ said: sentence });
  }

  /** Keys go to the drawing again. */
  focus(): void {
    (this.board ?? this.root)?.focus({ preventScroll: true });
  }

  /** The flow that a state stands in (that of the root is ""): only states of the same flow can follow each other. */
  flowOf(id: string): string {
    const node = this.nodes.get(id);
    return node && id.endsWith(`/States/${node.name}`) ? id.slice(0, -(node.name.length + "/States/".length)) : "";
  }

  name(id: string): string {
    return this.nodes.get(id)?.name ?? id;
  }

  // Wishes, one at a time: the next is told when the last has been answered.

  /** `make` gives the arguments when it is this wish's turn; with `rev` they were meant for that state of the document. */
  wish(kind: Kind, make: () => Args | null, rev: number | null = null): void {
    if (kind === "select" || kind === "seek") this.queue = this.queue.filter((one) => one.kind !== kind);
    this.queue.push({ kind, make, rev });
    this.pump();
  }

  private pump(): void {
    while (this.sent === null && this.queue.length) {
      const { kind, make, rev } = this.queue.shift()!;
      if (rev !== null && rev !== this.edit.rev) continue;
      const args = make();
      if (args === null) continue;
      const seq = ++this.seq;
      const names = Array.isArray(args.nodes) ? args.nodes.map((id) => this.name(id as string)).join(", ") : "";
      this.sent = { seq, kind, names };
      this.waiting = window.setTimeout(() => {
        this.sent = null;
        this.pump();
      }, ANSWER_MS);
      this.tell.edit({ kind, rev: this.edit.rev, seq, args });
    }
  }

  // Selection

  get chosen(): string[] {
    return [...this.view.nodes];
  }

  /** The one selected state, if it is one. */
  get one(): string | null {
    return this.view.nodes.size === 1 ? this.chosen[0] : null;
  }

  select(nodes: Iterable<string>, edges: Iterable<string> = []): void {
    const change = { nodes: new Set(nodes), edges: new Set(edges), menu: null, renaming: null };
    const same = sameSet(change.nodes, this.view.nodes) && sameSet(change.edges, this.view.edges);
    this.set(change);
    if (same) return;
    this.say(this.described());
    this.wish("select", () => ({ nodes: this.chosen }));
  }

  toggle(node: string): void {
    const nodes = new Set(this.view.nodes);
    if (!nodes.delete(node)) nodes.add(node);
    this.select(nodes, this.view.edges);
  }

  /** What is selected, in words. */
  described(): string {
    const { t, count } = this.words;
    const [edge] = this.view.edges;
    if (this.view.nodes.size > 1) return count("selected", this.view.nodes.size);
    if (this.one !== null) {
      const node = this.nodes.get(this.one);
      return node ? [node.name, node.caption || node.type, ...(node.problems ?? [])].join(", ") : "";
    }
    const way = edge && this.edges.get(edge);
    return way ? t("way_from_to", { source: this.name(way.source), target: this.name(way.target) }) : "";
  }

  /** Go to a state: select it, open what holds it, bring it into sight. */
  go(node: string): void {
    this.reveal = true;
    this.set({ shut: this.opened(node) });
    this.select([node]);
    this.camera?.centre(node);
  }

  private opened(node: string): ReadonlySet<string> {
    const shut = new Set([...this.view.shut].filter((holder) => !node.startsWith(`${holder}/`)));
    return shut.size === this.view.shut.size ? this.view.shut : shut;
  }

  fold(node: string): void {
    const shut = new Set(this.view.shut);
    if (!shut.delete(node)) shut.add(node);
    const { boxes } = this.layout ?? { boxes: new Map<string, Point>() };
    this.touched = boxes.get(node) ?? null;
    this.before = [node];
    this.set({ shut });
    if (!this.nodes.has(node)) return;
    this.say(`${this.words.t(shut.has(node) ? "folded" : "unfolded")}: ${this.name(node)}`);
  }

  /** Does this state hold flows? */
  holds(node: string): boolean {
    return this.props.graph.groups.some((group) => group.node === node);
  }

  // Edits

  /** Where the keyboard puts things: on the selected transition, behind the selected state, else at the end. */
  placeOfSelection(): Place {
    const [edge] = this.view.edges;
    if (edge !== undefined) return { edge };
    const last = this.chosen.at(-1);
    if (last === undefined || !this.nodes.has(last)) return { block: "" };
    return { after: last };
  }

  insert(item: string, place: Place | null = null): void {
    const rev = place ? this.edit.rev : null;
    this.wish("insert", () => ({ item, ...(place ?? this.placeOfSelection()) }), rev);
  }

  paste(text: string): void {
    this.wish("paste", () => ({ text, ...this.placeOfSelection() }));
  }

  remove(): void {
    this.wish("remove", () => {
      const { nodes, edges } = this.view;
      return nodes.size || edges.size ? { nodes: [...nodes], edges: [...edges] } : null;
    });
  }

  duplicate(): void {
    this.wish("duplicate", () => (this.view.nodes.size ? { nodes: this.chosen } : null));
  }

  wrap(into: "Parallel" | "Map"): void {
    this.wish("wrap", () => (this.view.nodes.size ? { nodes: this.chosen, into } : null));
  }

  lift(): void {
    this.wish("lift", () => (this.one === null ? null : { node: this.one }));
  }

  rename(node: string, name: string): void {
    this.set({ renaming: null });
    if (name === this.name(node) || name.trim() === "") return;
    this.renamed = { node, name };
    this.wish("rename", () => (this.nodes.has(node) ? { node, name } : null)); // meant for the state, whatever came between
  }

  startRename(): void {
    const { one } = this;
    if (one !== null && this.nodes.get(one)?.type !== "Start") this.set({ renaming: one, menu: null });
  }

  connect(source: string, target: string, way: Way): void {
    this.set({ ways: null });
    this.wish("connect", () => ({ source, target, way }), this.edit.rev);
  }

  /** A transition from here to there: what kind follows from the state it leaves, or is asked at `x`, `y`. */
  joined(source: string, target: string, caught: boolean, x: number, y: number): void {
    const from = this.nodes.get(source);
    if (!from) return;
    const next = this.edges.get(`${source}/Next`);
    if (target === "(end)" && next && !caught) this.wish("reconnect", () => ({ edge: next.id, target }), this.edit.rev);
    else if (from.type === "Start") this.connect(source, target, "start");
    else if (from.type === "Choice" && !caught) this.set({ ways: { x, y, source, target } });
    else this.connect(source, target, caught ? "catch" : "next");
  }

  undo(): void {
    this.wish("undo", () => (this.edit.canUndo ? {} : null));
  }

  redo(): void {
    this.wish("redo", () => (this.edit.canRedo ? {} : null));
  }

  /** Search in the palette: what is at hand is found here, the rest is asked for. */
  seek(query: string): void {
    this.set({ query });
    window.clearTimeout(this.seekingLater);
    this.seekingLater = window.setTimeout(() => this.wish("seek", () => ({ text: this.view.query })), SEEK_MS);
  }

  dispose(): void {
    for (const timer of [this.waiting, this.telling, this.seekingLater]) window.clearTimeout(timer);
    this.listeners.clear();
  }
}

const sameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => one.size === other.size && [...one].every((id) => other.has(id));

/** States that may catch errors. */
export const CATCHERS: ReadonlySet<string> = new Set(["Task", "Parallel", "Map"]);
export const LAST: ReadonlySet<string> = new Set(["Succeed", "Fail", "End", "Broken"]);

export const EditorContext = createContext<Editor>(null as unknown as Editor);
export const useEditor = (): Editor => useContext(EditorContext);

/** A slice of what is going on: a primitive, or the same object as long as nothing changed. */
export function useEdit<T>(slice: (editor: Editor) => T): T {
  const editor = useEditor();
  return useSyncExternalStore(editor.subscribe, () => slice(editor));
}
