// The lines of what is selected elsewhere have a soft background; lines that somebody else changed flash once.

import { foldedRanges, unfoldEffect } from "@codemirror/language";
import { StateEffect, StateField, type ChangeSet, type EditorState, type Extension, type Range } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

const FLASH_MS = 1400;

export const show = StateEffect.define<{ from: number; to: number } | null>();
export const flash = StateEffect.define<[number, number][]>();
const calm = StateEffect.define<null>();

const CHOSEN = Decoration.line({ class: "cm-chosen" });
const FLASHED = Decoration.line({ class: "cm-flashed" });

const lines = (state: EditorState, from: number, to: number, decoration: Decoration): Range<Decoration>[] => {
  const found: Range<Decoration>[] = [];
  for (let at = Math.min(from, state.doc.length); ; ) {
    const line = state.doc.lineAt(at);
    found.push(decoration.range(line.from));
    at = line.to + 1;
    if (at > Math.min(to, state.doc.length)) return found;
  }
};

const chosen = StateField.define<{ range: { from: number; to: number } | null; set: DecorationSet }>({
  create: () => ({ range: null, set: Decoration.none }),
  update(before, transaction) {
    let { range } = before;
    if (range && transaction.docChanged)
      range = { from: transaction.changes.mapPos(range.from, 1), to: transaction.changes.mapPos(range.to, -1) };
    for (const effect of transaction.effects) if (effect.is(show)) range = effect.value;
    if (range === before.range) return before;
    return { range, set: range ? Decoration.set(lines(transaction.state, range.from, range.to, CHOSEN)) : Decoration.none };
  },
  provide: (field) => EditorView.decorations.from(field, ({ set }) => set),
});

const flashed = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    let set = transaction.docChanged ? before.map(transaction.changes) : before;
    for (const effect of transaction.effects) {
      if (effect.is(calm)) set = Decoration.none;
      if (effect.is(flash)) set = Decoration.set(effect.value.flatMap(([from, to]) => lines(transaction.state, from, to, FLASHED)), true);
    }
    return set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const revealing: Extension = [chosen, flashed];

/** The places in the new text that changes touched; whole lines without the start of the line behind them. */
export function touched(changes: ChangeSet): [number, number][] {
  const found: [number, number][] = [];
  changes.iterChanges((_a, _b, from, to, inserted) => found.push([from, inserted.lines > 1 && inserted.line(inserted.lines).length === 0 ? to - 1 : to]));
  return found;
}

export function calmLater(view: EditorView): void {
  window.setTimeout(() => {
    if (view.dom.isConnected) view.dispatch({ effects: calm.of(null) });
  }, FLASH_MS);
}

/** Marks the lines, and brings them into view when they are others than before. Focus and page stay where they are. */
export function reveal(view: EditorView, range: { from: number; to: number } | null, scroll: boolean): void {
  const others = range !== null && view.state.field(chosen).range?.from !== range.from;
  view.dispatch({ effects: show.of(range) });
  if (range && others && scroll) bring(view, range.from, range.to);
}

/** Scrolls the editor, and nothing around it, so that a place is seen; unfolds what hides its beginning. */
export function bring(view: EditorView, from: number, to: number): void {
  const effects: StateEffect<unknown>[] = [];
  foldedRanges(view.state).between(from, from, (start, end) => {
    if (start < from && end > from) effects.push(unfoldEffect.of({ from: start, to: end }));
  });
  if (effects.length) view.dispatch({ effects });
  view.requestMeasure({ read: () => standing(view, from, to), write: (top) => top !== null && view.scrollDOM.scrollTo({ top }) });
}

/** Where the editor must stand to show the lines: in the middle if they fit, else from their beginning. */
function standing(view: EditorView, from: number, to: number): number | null {
  const { scrollTop, clientHeight } = view.scrollDOM;
  const { top } = view.lineBlockAt(Math.min(from, view.state.doc.length));
  const { bottom } = view.lineBlockAt(Math.min(to, view.state.doc.length));
  if (top >= scrollTop && bottom <= scrollTop + clientHeight) return null;
  return bottom - top < clientHeight ? (top + bottom - clientHeight) / 2 : top - 24;
}
