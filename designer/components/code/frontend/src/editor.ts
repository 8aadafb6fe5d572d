// One editor on the page: what it is made of, and how it and Python tell each other what changed.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Annotation, ChangeSet, Compartment, EditorSelection, EditorState, Prec, type Extension, type StateEffect } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, type Command, type ViewUpdate } from "@codemirror/view";
import { completions } from "./complete";
import { help } from "./hover";
import { look } from "./look";
import { closeProblem, diagnostics, marking, mend, nextProblem, previousProblem, showMarks } from "./marks";
import { even, ruler, uneven, type Ruler } from "./offsets";
import { bring, calmLater, flash, reveal, revealing, touched } from "./reveal";
import { Sync } from "./sync";
import type { Language, Props, Tell, Vocabulary } from "./types";

const REST_MS = 250;
const PLACE_MS = 150;
/** A wish that nobody has answered for so long is taken as lost on the way. */
const UNHEARD_MS = 3000;
const MOST_WISHES = 100;
/** More new characters than this are not flashed: most of the text is new. */
const MOST_FLASHED = 20_000;

const theirs = Annotation.define<boolean>();
const LANGUAGES: Record<Language, () => Extension> = { json: () => json(), yaml: () => yaml() };

export class Editor {
  readonly view: EditorView;
  private sync: Sync;
  /** Python's text as it is, and its places */
  private raw: string;
  private at: Ruler;
  private seq = 0;
  private resting = 0;
  private placing = 0;
  private awaited: "undo" | "redo" | null = null;
  private wishes: ("undo" | "redo")[] = [];
  private asking = 0;
  private unheard = 0;
  private last: Partial<Props> = {};
  private readonly language = new Compartment();
  private readonly past = new Compartment();
  private readonly words = new Compartment();
  private readonly writable = new Compartment();

  constructor(
    public props: Props,
    public tell: Tell,
    parent: HTMLElement,
    root: ShadowRoot | Document,
    private readonly moved: () => void,
  ) {
    const text = even(props.text);
    this.raw = props.text;
    this.at = ruler(props.text);
    this.sync = new Sync(text, props.rev);
    this.view = new EditorView({ parent, root, state: EditorState.create({ doc: text, extensions: this.extensions() }) });
    this.last = { text: props.text };
    this.update(props, tell);
  }

  private extensions(): Extension {
    return [
      EditorView.updateListener.of((update) => this.heard(update)),
      EditorView.domEventHandlers({ blur: () => this.send() }), // whoever clicks elsewhere means the text as it is
      Prec.highest(EditorView.domEventHandlers({ keydown: (event) => this.undoKey(event) })),
      Prec.high(keymap.of(this.keys())),
      lineNumbers(),
      lintGutter(),
      foldGutter({ markerDOM: (open) => foldMarker(open, this.props.texts) }),
      codeFolding(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      drawSelection(),
      EditorState.allowMultipleSelections.of(true),
      EditorState.tabSize.of(2),
      indentUnit.of("  "),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightSelectionMatches(),
      search({ top: true }),
      autocompletion({ override: [completions(() => this.props)], icons: false, activateOnTypingDelay: 60, maxRenderedOptions: 80 }),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...foldKeymap, indentWithTab, ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter")]),
      this.past.of(history()),
      this.language.of(LANGUAGES[this.props.language]()),
      this.words.of([]),
      this.writable.of([]),
      help(() => this.props),
      marking,
      revealing,
      look,
    ];
  }

  private keys() {
    return [
      { key: "F8", run: nextProblem, shift: previousProblem },
      { key: "Mod-.", run: mend },
      { key: "Mod-Enter", run: () => (this.send(), false) }, // the page's
      { key: "Escape", run: closeProblem },
      ...historyKeymap.filter(({ key }) => key === "Mod-u"),
    ];
  }

  /** Ctrl+Z, Ctrl+Shift+Z, Ctrl+Y, read from the event: with Caps Lock on, Shift makes a small z. */
  private undoKey(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return false;
    const { state } = this.view;
    const again = key === "y" || event.shiftKey;
    event.preventDefault();
    return again ? this.backOr("redo", redoDepth(state) > 0 && redo) : this.backOr("undo", undoDepth(state) > 0 && undo);
  }

  /** What was typed and not sent yet is taken back here; the rest is Python's, one stack for all views. */
  private backOr(way: "undo" | "redo", here: Command | false): boolean {
    if (this.view.state.readOnly) return true;
    if (here && here(this.view)) return true;
    if (!this.props.reports[way]) return true;
    this.send();
    this.awaited = way;
    this.wishes.push(way);
    this.ask();
    return true;
  }

  /** One wish at a time is under way, and those that came meanwhile go together: of two at once, the page would hear one. */
  private ask(): void {
    if (this.asking || !this.wishes.length) return;
    this.seq += 1;
    this.asking = this.seq;
    this.tell("command", { kinds: this.wishes.splice(0, MOST_WISHES), rev: this.sync.rev, seq: this.seq });
    window.clearTimeout(this.unheard);
    this.unheard = window.setTimeout(() => this.heardOf(this.asking), UNHEARD_MS);
  }

  private heardOf(seq: number | null): void {
    if (!this.asking || seq === null || seq < this.asking) return;
    this.asking = 0;
    this.ask();
  }

  private heard(update: ViewUpdate): void {
    if (update.docChanged && !update.transactions.some((each) => each.annotation(theirs))) {
      this.sync.typed(update.changes);
      this.awaited = null;
      this.rest(REST_MS);
    }
    if (update.selectionSet && update.transactions.some((each) => each.isUserEvent("select"))) this.toPlace();
    if (update.selectionSet || update.docChanged) this.moved();
  }

  private rest(wait: number): void {
    window.clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.send(), wait);
  }

  /** Sends what was typed, if the text before it has arrived; else it goes when that has. */
  private send(): void {
    window.clearTimeout(this.resting);
    const text = this.sync.take(this.view.state.sliceDoc(), this.seq + 1, performance.now());
    if (text !== null) {
      this.seq += 1;
      this.view.dispatch({ effects: this.past.reconfigure([]) });
      this.view.dispatch({ effects: this.past.reconfigure(history()) });
      this.tell("typed", { text: uneven(this.raw, text), rev: this.sync.rev, seq: this.seq });
    }
    if (this.sync.behind) this.rest(REST_MS * 2);
  }

  private toPlace(): void {
    if (!this.props.reports.place) return;
    window.clearTimeout(this.placing);
    this.placing = window.setTimeout(() => {
      if (this.sync.behind) return this.toPlace(); // offsets are those of a text that Python has
      this.seq += 1;
      this.tell("place", { offset: this.at.fromEditor(this.view.state.selection.main.head), rev: this.sync.rev, seq: this.seq });
    }, PLACE_MS);
  }

  update(props: Props, tell: Tell): void {
    this.props = { ...props, vocabulary: remembered(props.vocabulary, this.props.vocabulary) };
    this.tell = tell;
    const { view, last } = this;
    const effects = [];
    if (props.language !== last.language) effects.push(this.language.reconfigure(LANGUAGES[props.language]()));
    if (props.locale !== last.locale) effects.push(this.words.reconfigure(phrases(props.texts)));
    if (props.read_only !== last.read_only) effects.push(this.writable.reconfigure(props.read_only ? EditorState.readOnly.of(true) : []));
    if (effects.length) view.dispatch({ effects });
    if (props.rev < this.sync.rev) return;
    this.take(props);
    const mapped = (offset: number, side: number) => this.sync.ahead.mapPos(Math.max(0, Math.min(this.at.toEditor(offset), this.sync.ahead.length)), side);
    if (JSON.stringify(props.marks) !== JSON.stringify(last.marks) || props.text !== last.text)
      showMarks(view, diagnostics(props.marks, this.at, this.sync.ahead, view.state.doc.length, (mark, fix) => this.fix(mark, fix)));
    if (props.reveal?.[0] !== last.reveal?.[0] || props.reveal?.[1] !== last.reveal?.[1]) {
      const range = props.reveal && { from: mapped(props.reveal[0], 1), to: mapped(props.reveal[1], -1) };
      const head = view.state.selection.main.head;
      const inside = range !== null && view.hasFocus && head >= range.from && head <= range.to;
      reveal(view, range && { from: range.from, to: Math.max(range.from, range.to) }, !inside);
    }
    this.last = props;
    this.heardOf(props.taken);
  }

  /** Python's text, brought in around what was typed since. */
  private take(props: Props): void {
    const { view } = this;
    const changes: ChangeSet | null = this.sync.came(even(props.text), props.rev, props.taken);
    if (props.text !== this.raw) {
      this.raw = props.text;
      this.at = ruler(props.text);
    }
    if (changes && !changes.empty) {
      const places = touched(changes);
      const spread = places.reduce((sum, [from, to]) => sum + to - from, 0);
      const effects: StateEffect<unknown>[] = spread < MOST_FLASHED ? [flash.of(places)] : [];
      const follow = this.awaited !== null && view.hasFocus; // an undo shows what it took back
      if (follow) effects.push(EditorView.scrollIntoView(places[0][0], { y: "nearest", yMargin: 40 }));
      const selection = follow ? EditorSelection.cursor(places[places.length - 1][1]) : undefined;
      view.dispatch({ changes, annotations: theirs.of(true), effects, selection });
      calmLater(view);
      if (!view.hasFocus && effects.length) bring(view, places[0][0], places[0][0]); // an edit in a form is seen here too
      // What was typed before somebody else's change stays Python's to take back.
      view.dispatch({ effects: this.past.reconfigure([]) });
      view.dispatch({ effects: this.past.reconfigure(history()) });
    }
    this.awaited = null;
    if (this.sync.behind) this.rest(REST_MS);
  }

  private fix(mark: number, fix: number): void {
    if (!this.props.reports.fix || this.sync.behind) return;
    this.seq += 1;
    this.tell("fix", { mark, fix, rev: this.sync.rev, seq: this.seq });
  }

  speak(language: Language): void {
    this.send();
    this.seq += 1;
    this.tell("language", { language, rev: this.sync.rev, seq: this.seq });
  }

  find(): void {
    openSearchPanel(this.view);
  }

  dispose(): void {
    window.clearTimeout(this.placing);
    window.clearTimeout(this.unheard);
    if (this.sync.behind) this.send();
    window.clearTimeout(this.resting);
    this.view.destroy();
  }
}

/** While a text cannot be read, the names that it had last are still worth offering. */
function remembered(now: Vocabulary | null, before: Vocabulary | null): Vocabulary | null {
  if (!now || !before || Object.keys(now.states).length) return now;
  const { states, resources, errors } = before;
  return { ...now, states, resources, errors, variables: { ...before.variables, ...now.variables } };
}

/** The editor's own words, in the reader's language: `phrase_…` of the texts. */
function phrases(texts: Record<string, string>): Extension {
  const own = Object.entries(texts).filter(([key]) => key.startsWith("phrase_"));
  return [
    EditorState.phrases.of(Object.fromEntries(own.map(([key, text]) => [PHRASES[key.slice(7)] ?? key, text]))),
    EditorView.contentAttributes.of({ "aria-label": texts.editor, "aria-description": texts.editor_help }),
  ];
}

const PHRASES: Record<string, string> = {
  find: "Find",
  replace: "Replace",
  next: "next",
  previous: "previous",
  all: "all",
  case: "match case",
  word: "by word",
  regexp: "regexp",
  replace_one: "replace",
  replace_all: "replace all",
  close: "close",
  match: "current match",
  on_line: "on line",
  replaced: "replaced $ matches",
  replaced_on: "replaced match on line $",
  go_to_line: "Go to line",
  go: "go",
  unfold_one: "unfold",
  folded: "folded code",
  folded_lines: "Folded lines",
  unfolded_lines: "Unfolded lines",
  to: "to",
  completions: "Completions",
  selection_deleted: "Selection deleted",
  control: "Control character",
};

function foldMarker(open: boolean, texts: Record<string, string>): HTMLElement {
  const marker = document.createElement("span");
  marker.title = open ? texts.fold : texts.unfold;
  marker.className = open ? "fold is-open" : "fold";
  return marker;
}
