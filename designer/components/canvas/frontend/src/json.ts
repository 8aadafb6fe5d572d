// JSON compared and printed: two columns of lines with marks, aligned, long unchanged parts folded.

import type { Json } from "./types";

export type Path = readonly (string | number)[];
/** `at` is where in the value it stands, for what a reader can ask about */
export type Token = { is: "key" | "text" | "number" | "word" | "mark"; text: string; at?: Path };
export type Mark = "same" | "added" | "removed" | "changed";
export type Line = { mark: Mark; indent: number; tokens: Token[]; fold?: string; inner?: number };
export type Pair = { left: Line | null; right: Line | null };

const INLINE = 52;
const FOLD_FROM_LINES = 30;
const FOLDABLE_LINES = 5;
const LONGEST_TEXT = 400;

export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function same(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, i) => same(item, right[i]));
  }
  if (isObject(left)) {
    if (!isObject(right)) return false;
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => key in right && same(left[key], right[key]));
  }
  return false;
}

const encoder = new TextEncoder();
const sizes = new WeakMap<object, number>();

/** Length of the compact JSON text in UTF-8 bytes. */
export function sizeOf(value: Json): number {
  if (typeof value !== "object" || value === null) return encoder.encode(JSON.stringify(value)).length;
  let size = sizes.get(value);
  if (size === undefined) sizes.set(value, (size = encoder.encode(JSON.stringify(value)).length));
  return size;
}

export type Effect = { kind: "unchanged" | "replaced" | "fields"; added: number; removed: number; changed: number };

/** What happened to the top level of a value, in numbers. */
export function effect(before: Json, after: Json): Effect {
  const none = { added: 0, removed: 0, changed: 0 };
  if (same(before, after)) return { kind: "unchanged", ...none };
  if (!isObject(before) || !isObject(after)) return { kind: "replaced", ...none };
  const found = { ...none };
  let shared = 0;
  for (const key of Object.keys(before)) {
    if (!(key in after)) found.removed++;
    else if (same(before[key], after[key])) shared++;
    else {
      shared++;
      found.changed++;
    }
  }
  for (const key of Object.keys(after)) if (!(key in before)) found.added++;
  return shared === 0 && found.added && found.removed ? { kind: "replaced", ...none } : { kind: "fields", ...found };
}

/** The two values side by side. `open` holds the paths of folded parts that the reader has opened. */
export function pairs(before: Json, after: Json, open: ReadonlySet<string>): Pair[] {
  const all = new Printer(null).both(before, after);
  return all.length > FOLD_FROM_LINES ? new Printer(open).both(before, after) : all;
}

/** One value, printed without marks. */
export function printed(value: Json, open: ReadonlySet<string>): Line[] {
  const all = new Printer(null).one(value);
  return all.length > 4 * FOLD_FROM_LINES ? new Printer(open).one(value) : all;
}

class Printer {
  constructor(private readonly open: ReadonlySet<string> | null) {}

  one(value: Json): Line[] {
    const lines: Line[] = [];
    this.print(lines, "same", [], null, value, 0, "");
    return lines;
  }

  both(before: Json, after: Json): Pair[] {
    const rows: Pair[] = [];
    this.compare(rows, [], null, before, after, 0, "", "");
    return rows;
  }

  private compare(
    rows: Pair[], path: Path, key: string | null, before: Json, after: Json, indent: number, commaL: string, commaR: string,
  ): void {
    if (same(before, after)) {
      const left: Line[] = [];
      this.print(left, "same", path, key, before, indent, "");
      rows.push(
        ...left.map((line, i) => {
          const end = i === left.length - 1;
          return { left: ended(line, end ? commaL : ""), right: ended(line, end ? commaR : "") };
        }),
      );
    } else if (isObject(before) && isObject(after)) {
      rows.push(twin(indent, [...label(key, path), mark("{")]));
      const lastL = Object.keys(before).at(-1);
      const lastR = Object.keys(after).at(-1);
      for (const name of merged(before, after)) {
        const comma = (last: string | undefined) => (name === last ? "" : ",");
        this.child(rows, [...path, name], name, before, after, indent + 1, comma(lastL), comma(lastR));
      }
      rows.push({ left: line("same", indent, [mark("}" + commaL)]), right: line("same", indent, [mark("}" + commaR)]) });
    } else if (Array.isArray(before) && Array.isArray(after)) {
      rows.push(twin(indent, [...label(key, path), mark("[")]));
      for (let i = 0; i < Math.max(before.length, after.length); i++) {
        const comma = (of: Json[]) => (i === of.length - 1 ? "" : ",");
        this.item(rows, [...path, i], i, before, after, indent + 1, comma(before), comma(after));
      }
      rows.push({ left: line("same", indent, [mark("]" + commaL)]), right: line("same", indent, [mark("]" + commaR)]) });
    } else {
      const left: Line[] = [];
      const right: Line[] = [];
      this.print(left, "changed", path, key, before, indent, commaL);
      this.print(right, "changed", path, key, after, indent, commaR);
      zip(rows, left, right);
    }
  }

  private child(
    rows: Pair[], path: Path, name: string, before: { [key: string]: Json }, after: { [key: string]: Json },
    indent: number, commaL: string, commaR: string,
  ): void {
    const inL = name in before;
    const inR = name in after;
    if (inL && inR) return this.compare(rows, path, name, before[name], after[name], indent, commaL, commaR);
    const lines: Line[] = [];
    if (inL) this.print(lines, "removed", path, name, before[name], indent, commaL);
    else this.print(lines, "added", path, name, after[name], indent, commaR);
    zip(rows, inL ? lines : [], inL ? [] : lines);
  }

  private item(
    rows: Pair[], path: Path, i: number, before: Json[], after: Json[], indent: number, commaL: string, commaR: string,
  ): void {
    if (i < before.length && i < after.length) {
      return this.compare(rows, path, null, before[i], after[i], indent, commaL, commaR);
    }
    const lines: Line[] = [];
    const inL = i < before.length;
    if (inL) this.print(lines, "removed", path, null, before[i], indent, commaL);
    else this.print(lines, "added", path, null, after[i], indent, commaR);
    zip(rows, inL ? lines : [], inL ? [] : lines);
  }

  private print(lines: Line[], as: Mark, path: Path, key: string | null, value: Json, indent: number, comma: string): void {
    const inner = typeof value === "object" && value !== null ? Object.keys(value).length : 0;
    if (inner === 0 || (key !== null || indent > 0 ? fits(value, INLINE - 2 * indent) : fits(value, 36) && inner < 2)) {
      lines.push(line(as, indent, [...label(key, path), ...inline(value, path), ...(comma ? [mark(comma)] : [])]));
      return;
    }
    const list = Array.isArray(value);
    const opening = [...label(key, path), mark(list ? "[" : "{")];
    const at = lines.length;
    lines.push(line(as, indent, opening));
    const entries = Object.entries(value as object) as [string, Json][];
    entries.forEach(([name, child], i) => {
      const below = [...path, list ? Number(name) : name];
      this.print(lines, as, below, list ? null : name, child, indent + 1, i === entries.length - 1 ? "" : ",");
    });
    lines.push(line(as, indent, [mark((list ? "]" : "}") + comma)]));
    if (this.open && as === "same" && indent > 0 && lines.length - at > FOLDABLE_LINES && !this.open.has(JSON.stringify(path))) {
      lines.length = at;
      lines.push({ ...line(as, indent, [...opening, mark((list ? "]" : "}") + comma)]), fold: JSON.stringify(path), inner });
    }
  }
}

const mark = (text: string): Token => ({ is: "mark", text });
const line = (as: Mark, indent: number, tokens: Token[]): Line => ({ mark: as, indent, tokens });
const twin = (indent: number, tokens: Token[]): Pair => ({ left: line("same", indent, tokens), right: line("same", indent, tokens) });
const ended = (of: Line, comma: string): Line => (comma ? { ...of, tokens: [...of.tokens, mark(comma)] } : of);
const label = (key: string | null, at?: Path): Token[] =>
  key === null ? [] : [{ is: "key", text: JSON.stringify(key), at }, mark(": ")];

function zip(rows: Pair[], left: Line[], right: Line[]): void {
  for (let i = 0; i < Math.max(left.length, right.length); i++) rows.push({ left: left[i] ?? null, right: right[i] ?? null });
}

/** Keys of both in a readable order: those of `after`, with removed ones where they stood. */
function merged(before: { [key: string]: Json }, after: { [key: string]: Json }): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const add = (key: string) => {
    if (!seen.has(key)) {
      seen.add(key);
      order.push(key);
    }
  };
  const old = Object.keys(before);
  let at = 0;
  for (const key of Object.keys(after)) {
    if (key in before) {
      while (at < old.length && old[at] !== key) {
        if (!(old[at] in after)) add(old[at]);
        at++;
      }
    }
    add(key);
  }
  old.forEach(add);
  return order;
}

function fits(value: Json, room: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return shortText(value, room) <= room;
}

/** Length of the spaced one-line text, or more than `room` as soon as that is sure. */
function shortText(value: Json, room: number): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return String(value).length;
  let total = 2;
  for (const [name, child] of Object.entries(value)) {
    total += (Array.isArray(value) ? 0 : name.length + 4) + shortText(child, room - total) + 2;
    if (total > room) return total;
  }
  return total;
}

export function inline(value: Json, at?: Path): Token[] {
  if (typeof value === "string") return [{ is: "text", text: cut(JSON.stringify(value)), at }];
  if (typeof value === "number") return [{ is: "number", text: String(value), at }];
  if (value === null || typeof value === "boolean") return [{ is: "word", text: String(value), at }];
  const list = Array.isArray(value);
  const tokens: Token[] = [mark(list ? "[" : "{")];
  Object.entries(value).forEach(([name, child], i) => {
    if (i) tokens.push(mark(", "));
    const below = at && [...at, list ? Number(name) : name];
    if (!list) tokens.push(...label(name, below));
    tokens.push(...inline(child, below));
  });
  tokens.push(mark(list ? "]" : "}"));
  return tokens;
}

/** `$.order['a b'][0]`, with another root where the value is not `$` itself. */
export function jsonPath(root: string, path: Path): string {
  return root + path.map((step) => (typeof step === "number" ? `[${step}]` : PLAIN.test(step) ? `.${step}` : `['${step.replace(/['\\]/g, "\\$&")}']`)).join("");
}

/** The same in JSONata, where a name that is no plain one stands in backquotes. */
export function jsonata(root: string, path: Path): string {
  return root + path.map((step) => (typeof step === "number" ? `[${step}]` : PLAIN.test(step) ? `.${step}` : `.\`${step}\``)).join("");
}

export function read(value: Json | undefined, path: Path): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as { [key: string]: Json })[step as string];
  }
  return found;
}

const PLAIN = /^[A-Za-z_]\w*$/;

const cut = (text: string) =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…" (${text.length.toLocaleString()})` : text;
