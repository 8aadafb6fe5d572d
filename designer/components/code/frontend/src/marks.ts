// Problems as Python finds them: a sign in the gutter, a squiggle, and a tooltip with the sentence and what would mend it.

import { forEachDiagnostic, setDiagnostics, type Action, type Diagnostic } from "@codemirror/lint";
import { StateEffect, StateField, type ChangeSet, type EditorState, type Extension } from "@codemirror/state";
import { EditorView, showTooltip, type Command, type Tooltip } from "@codemirror/view";
import type { Ruler } from "./offsets";
import type { Mark } from "./types";

type Known = Diagnostic & { index: number };

export function diagnostics(marks: Mark[], at: Ruler, ahead: ChangeSet, length: number, fix: (mark: number, fix: number) => void): Known[] {
  const place = (offset: number, side: number) => {
    const here = Math.max(0, Math.min(at.toEditor(offset), ahead.length));
    return Math.max(0, Math.min(ahead.mapPos(here, side), length));
  };
  return marks
    .map((mark, index): Known => {
      const from = place(mark.start, 1);
      return {
        index,
        from,
        to: Math.max(from, place(mark.end, -1)),
        severity: mark.severity,
        message: mark.message,
        actions: mark.fixes.map((name, chosen): Action => ({ name, apply: () => fix(index, chosen) })),
      };
    })
    .sort((one, other) => one.from - other.from || one.to - other.to);
}

export const showMarks = (view: EditorView, found: Known[]): void => view.dispatch(setDiagnostics(view.state, found), unpin(view.state));

// F8 goes to a problem and says it where it stands, so that the keyboard reaches what the mouse finds by hovering.

const pin = StateEffect.define<{ at: number; found: Diagnostic } | null>();

const unpin = (state: EditorState) => (state.field(pinned, false) ? { effects: pin.of(null) } : {});

const pinned = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(pin)) return effect.value && tooltip(effect.value.at, effect.value.found);
    return shown && (transaction.docChanged || transaction.selection) ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

const tooltip = (at: number, found: Diagnostic): Tooltip => ({
  pos: at,
  above: true,
  create: (view) => {
    const dom = document.createElement("div");
    dom.className = "cm-tooltip-lint";
    const body = dom.appendChild(document.createElement("div"));
    body.className = `cm-diagnostic cm-diagnostic-${found.severity}`;
    const text = body.appendChild(document.createElement("span"));
    text.className = "cm-diagnosticText";
    text.textContent = found.message;
    for (const action of found.actions ?? []) {
      const button = body.appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "cm-diagnosticAction";
      button.textContent = action.name;
      button.onclick = () => {
        action.apply(view, found.from, found.to);
        view.focus();
      };
    }
    dom.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      view.dispatch({ effects: pin.of(null) });
      view.focus();
    });
    return { dom };
  },
});

const all = (state: EditorState): { found: Diagnostic; from: number; to: number }[] => {
  const found: { found: Diagnostic; from: number; to: number }[] = [];
  forEachDiagnostic(state, (diagnostic, from, to) => found.push({ found: diagnostic, from, to }));
  return found.sort((one, other) => one.from - other.from || one.to - other.to);
};

/** To the problem after the cursor (or before it), around the end of the text. */
const toProblem =
  (way: 1 | -1): Command =>
  (view) => {
    const every = all(view.state);
    if (!every.length) return false;
    const here = view.state.selection.main;
    const next =
      way === 1
        ? (every.find(({ from, to }) => from > here.from || (from === here.from && to > here.to)) ?? every[0])
        : (every.findLast(({ from, to }) => from < here.from || (from === here.from && to < here.to)) ?? every[every.length - 1]);
    view.dispatch({
      selection: { anchor: next.from, head: next.to },
      effects: [EditorView.scrollIntoView(next.from, { y: "center" }), EditorView.announce.of(next.found.message)],
      userEvent: "select.problem",
    });
    view.dispatch({ effects: pin.of({ at: next.from, found: next.found }) });
    return true;
  };

export const nextProblem = toProblem(1);
export const previousProblem = toProblem(-1);

/** To the buttons of the problem at the cursor. */
export const mend: Command = (view) => {
  const { from, to } = view.state.selection.main;
  const here = all(view.state).find((each) => each.from <= to && each.to >= from && each.found.actions?.length);
  if (!here) return false;
  view.dispatch({ effects: pin.of({ at: here.from, found: here.found }) });
  requestAnimationFrame(() => view.dom.querySelector<HTMLElement>(".cm-tooltip .cm-diagnosticAction")?.focus());
  return true;
};

export const closeProblem: Command = (view) => {
  if (!view.state.field(pinned, false)) return false;
  view.dispatch({ effects: pin.of(null) });
  return true;
};

export const marking: Extension = pinned;
