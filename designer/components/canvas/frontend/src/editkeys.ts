// Keys of the drawing, those of Workflow Studio first. None acts while somebody types, none reaches Streamlit's own (`r`, `c`).

import { ACTIONS } from "./actions";
import { listenToClipboard } from "./clip";
import type { Editor } from "./editing";
import { onward } from "./walking";

const typing = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

const PLAIN: Record<string, string> = {
  F2: "rename", Delete: "remove", Backspace: "remove", i: "insert", c: "connect", C: "catch", w: "parallel", m: "map", u: "lift", x: "fold", "/": "find",
};
const WITH_CONTROL: Record<string, string> = { d: "duplicate", a: "all", f: "find", y: "redo", z: "undo" };

function run(editor: Editor, name: string): boolean {
  const action = ACTIONS[name];
  if (action.can(editor)) action.act(editor);
  else if (name === "fold" && ACTIONS.unfold.can(editor)) ACTIONS.unfold.act(editor);
  else if (name === "connect" && ACTIONS.reconnect.can(editor)) ACTIONS.reconnect.act(editor);
  return true;
}

function act(editor: Editor, event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (typing(target)) return false;
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey) {
    if (event.code !== "KeyC" || control) return false;
    const [node] = editor.chosen;
    if (node) editor.camera?.centre(node);
    return true;
  }
  if (control) {
    const key = event.key.toLowerCase();
    const name = key === "z" && event.shiftKey ? "redo" : WITH_CONTROL[key];
    return name !== undefined && run(editor, name);
  }
  if (event.key === "Escape") return escape(editor);
  if (event.key === "?") editor.set({ help: !editor.view.help });
  else if (event.key === "+") editor.camera?.zoom(1);
  else if (event.key === "-") editor.camera?.zoom(-1);
  else if (event.key === "0") editor.camera?.fit();
  else if (event.key === "g") editor.set({ outline: !editor.view.outline });
  else if (event.key === "l") editor.set({ across: !editor.view.across });
  else if (/^Arrow/.test(event.key)) {
    const to = onward(editor, event.key);
    if (to === null) return !editor.view.outline;
    editor.reveal = true;
    if (event.shiftKey) editor.select([...editor.view.nodes, to]);
    else editor.select([to]);
  } else if (event.key === "Enter" && target === editor.board && editor.one !== null) run(editor, "rename");
  else if (PLAIN[event.key] !== undefined) return run(editor, PLAIN[event.key]);
  else return false;
  return true;
}

function escape(editor: Editor): boolean {
  const { view } = editor;
  if (view.help || view.menu || view.ways || view.told) {
    editor.set({ help: false, menu: null, ways: null, told: "" });
    return true;
  }
  if (view.nodes.size === 0 && view.edges.size === 0) return false;
  editor.select([]);
  return true;
}

const idle = (): boolean => document.activeElement === document.body || document.activeElement === null;

/** Listens on the root; on the page only for what is taken back, while the focus is nowhere. */
export function listenToKeys(root: HTMLElement, editor: Editor): () => void {
  const down = (event: KeyboardEvent) => {
    const done = act(editor, event);
    if (done) event.preventDefault();
    if (done || (!event.ctrlKey && !event.metaKey && !event.altKey)) event.stopPropagation();
  };
  const keep = (event: KeyboardEvent) => event.stopPropagation();
  const outside = (event: KeyboardEvent) => {
    if (event.composedPath().includes(root) || !idle() || !(event.ctrlKey || event.metaKey) || !/^[zy]$/i.test(event.key)) return;
    if (act(editor, event)) event.preventDefault();
  };
  const unclip = listenToClipboard(root, editor);
  root.addEventListener("keydown", down);
  root.addEventListener("keypress", keep);
  document.addEventListener("keydown", outside);
  return () => {
    unclip();
    root.removeEventListener("keydown", down);
    root.removeEventListener("keypress", keep);
    document.removeEventListener("keydown", outside);
  };
}
