// Copy, cut and paste: what is on the clipboard is a piece of ASL, an object with StartAt and States, so that it can be taken
// from one workflow to another, and from and to any other program.

import type { Editor } from "./editing";
import type { Json } from "./types";

type Fields = { [field: string]: Json };
const isObject = (value: Json | undefined): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** States of one flow as a definition of their own: ways to states outside become an end. Null when there is none. */
export function fragmentOf(document: Json, flow: string, asked: ReadonlySet<string>): Fields | null {
  const block = at(document, flow);
  const states = isObject(block) ? block.States : undefined;
  if (!isObject(block) || !isObject(states)) return null;
  const names = Object.keys(states).filter((name) => asked.has(name));
  if (names.length === 0) return null;
  const kept = new Set(names);
  const taken: Fields = {};
  for (const name of names) {
    const state = states[name];
    put(taken, name, isObject(state) ? alone(state, kept) : state);
  }
  const led = new Set(Object.values(taken).flatMap((state) => (isObject(state) ? targets(state) : [])));
  const start = typeof block.StartAt === "string" && kept.has(block.StartAt) ? block.StartAt : (names.find((name) => !led.has(name)) ?? names[0]);
  const language: Fields = isObject(document) && typeof document.QueryLanguage === "string" ? { QueryLanguage: document.QueryLanguage } : {};
  return { ...language, StartAt: start, States: taken };
}

function alone(state: Fields, kept: ReadonlySet<string>): Fields {
  const copy: Fields = {};
  for (const [field, value] of Object.entries(state)) {
    if (field === "Next" && typeof value === "string" && !kept.has(value)) copy.End = true;
    else if (field === "Default" && typeof value === "string" && !kept.has(value)) continue;
    else if ((field === "Catch" || field === "Choices") && Array.isArray(value)) {
      const inside = value.filter((one) => !isObject(one) || typeof one.Next !== "string" || kept.has(one.Next));
      if (inside.length || field === "Choices") copy[field] = inside;
    } else put(copy, field, value);
  }
  return copy;
}

function targets(state: Fields): string[] {
  const entries = [state.Choices, state.Catch].flatMap((list) => (Array.isArray(list) ? list : []));
  return [state.Next, state.Default, ...entries.map((one) => (isObject(one) ? one.Next : null))].filter((name): name is string => typeof name === "string");
}

/** The value at a place such as `/States/P/Branches[0]`. Names are not escaped in it, so that what is there decides. */
function at(value: Json | undefined, place: string): Json | undefined {
  if (place === "") return value;
  if (Array.isArray(value)) {
    const index = /^\[(\d+)\]/.exec(place);
    return index ? at(value[Number(index[1])], place.slice(index[0].length)) : undefined;
  }
  if (!isObject(value) || !place.startsWith("/")) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const rest = place.slice(1 + name.length);
    if (place.startsWith(`/${name}`) && (rest === "" || rest[0] === "/" || rest[0] === "[")) {
      const found = at(inner, rest);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `__proto__` is a name like any other. */
function put(made: Fields, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  else made[key] = value;
}

export function clipText(editor: Editor): string | null {
  const [first] = editor.chosen;
  if (first === undefined) return null;
  const flow = editor.flowOf(first);
  const names = editor.chosen.filter((node) => editor.flowOf(node) === flow).map((node) => editor.name(node));
  const fragment = fragmentOf(editor.edit.document, flow, new Set(names));
  return fragment && JSON.stringify(fragment, null, 2);
}

const typing = (event: Event): boolean => {
  const target = event.composedPath()[0];
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
};

/** Listens to the clipboard while the drawing has the focus. */
export function listenToClipboard(root: HTMLElement, editor: Editor): () => void {
  const copy = (event: ClipboardEvent) => {
    if (typing(event)) return;
    const text = clipText(editor);
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    if (event.type === "cut") editor.remove();
    else editor.say(`${editor.words.t("copied")}: ${editor.described()}`);
  };
  const paste = (event: ClipboardEvent) => {
    if (typing(event)) return;
    const text = event.clipboardData?.getData("text/plain");
    event.preventDefault();
    if (text?.trim()) editor.paste(text);
  };
  root.addEventListener("copy", copy);
  root.addEventListener("cut", copy);
  root.addEventListener("paste", paste);
  return () => {
    root.removeEventListener("copy", copy);
    root.removeEventListener("cut", copy);
    root.removeEventListener("paste", paste);
  };
}

/** Copy and paste without keys, from the menu; where the browser does not allow it, the keys are named. */
export async function copyNow(editor: Editor, cut: boolean): Promise<void> {
  const text = clipText(editor);
  if (text === null) return;
  try {
    await navigator.clipboard.writeText(text);
    if (cut) editor.remove();
    else editor.say(`${editor.words.t("copied")}: ${editor.described()}`);
  } catch {
    editor.inform(editor.words.t(cut ? "cut_by_keys" : "copy_by_keys"));
  }
}

export async function pasteNow(editor: Editor): Promise<void> {
  try {
    const text = await navigator.clipboard.readText();
    if (text.trim()) editor.paste(text);
  } catch {
    editor.inform(editor.words.t("paste_by_keys"));
  }
}
