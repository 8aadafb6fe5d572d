// What a definition's text says, however broken it is: objects, arrays and texts with their places. The text is most often
// broken where somebody is writing, so nothing here refuses anything. JSON and YAML give the same tree.

export type Node = { kind: "object" | "array" | "text" | "other"; from: number; to: number; text: string; entries: Entry[]; bracketed?: true };

/** A member of an object or an item of an array, whose `name` is then its index. */
export type Entry = {
  name: string;
  /** place of the name, quotes included; of an item, where it begins */
  from: number;
  to: number;
  /** behind the colon; -1 without one */
  colon: number;
  value: Node | null;
  /** up to where the value may stand */
  end: number;
};

const DEEPEST = 200;
const BARE = /[^\s"'{}[\],:#]+/y;
const GAP = /[\s,]*/y;
const BLANK = /[ \t]*/y;

export function readJson(text: string): Node {
  const reader = new Flow(text);
  return reader.value(reader.skip(0), 0) ?? leaf("other", 0, text.length, "");
}

export const leaf = (kind: "text" | "other" | "object" | "array", from: number, to: number, text: string): Node => ({ kind, from, to, text, entries: [] });

/** Brackets, quotes, commas and colons: JSON, and the flow style of YAML. */
export class Flow {
  constructor(
    private readonly text: string,
    private readonly yaml = false,
  ) {}

  skip(at: number): number {
    GAP.lastIndex = at;
    GAP.exec(this.text);
    return GAP.lastIndex;
  }

  value(at: number, depth: number): Node | null {
    const sign = this.text[at];
    if (sign === undefined || sign === "}" || sign === "]" || sign === ":") return null;
    if (sign === '"' || (sign === "'" && this.yaml)) return this.quoted(at);
    if (sign === "{" || sign === "[") {
      if (depth < DEEPEST) return sign === "{" ? this.object(at, depth) : this.array(at, depth);
      return leaf("other", at, this.text.length, "");
    }
    return this.bare(at);
  }

  private bare(at: number): Node {
    BARE.lastIndex = at;
    const word = BARE.exec(this.text)?.[0] ?? this.text[at];
    return leaf("other", at, at + word.length, word);
  }

  /** A text ends at its quote, or with its line. */
  private quoted(at: number): Node {
    const quote = this.text[at];
    let end = at + 1;
    for (; end < this.text.length; end++) {
      const sign = this.text[end];
      if (sign === "\n") return leaf("text", at, end, this.text.slice(at + 1, end));
      if (sign === "\\" && quote === '"') end += 1;
      else if (sign === quote) return leaf("text", at, end + 1, unescaped(this.text.slice(at + 1, end), quote));
    }
    return leaf("text", at, this.text.length, this.text.slice(at + 1));
  }

  private object(start: number, depth: number): Node {
    const node: Node = { ...leaf("object", start, this.text.length, ""), bracketed: true };
    for (let at = this.skip(start + 1); ; at = this.skip(at)) {
      const sign = this.text[at];
      if (sign === undefined) return node;
      if (sign === "}") return { ...node, to: at + 1 };
      if (sign === "]") return { ...node, to: at };
      if (sign === ":" || sign === "{" || sign === "[") {
        at = sign === ":" ? at + 1 : (this.value(at, depth + 1)?.to ?? at + 1);
        continue;
      }
      const name = this.value(at, depth)!;
      const entry: Entry = { name: name.text, from: name.from, to: name.to, colon: -1, value: null, end: name.to };
      node.entries.push(entry);
      at = this.skip(name.to);
      if (this.text[at] !== ":" || this.text.slice(name.to, at).includes(",")) continue;
      entry.colon = at + 1;
      BLANK.lastIndex = at + 1;
      BLANK.exec(this.text);
      entry.end = BLANK.lastIndex;
      const next = this.skip(at + 1);
      if (this.text.slice(at + 1, next).includes(",")) {
        at = next;
        continue;
      }
      const value = this.value(next, depth + 1);
      // A text with a colon behind it is the next name: this one's value is still to be written.
      const follows = value?.kind === "text" ? this.text[this.skip(value.to)] === ":" : false;
      if (value && !follows) {
        entry.value = value;
        entry.end = value.to;
        at = value.to;
      } else at = next;
    }
  }

  private array(start: number, depth: number): Node {
    const node: Node = { ...leaf("array", start, this.text.length, ""), bracketed: true };
    for (let at = this.skip(start + 1); ; at = this.skip(at)) {
      const sign = this.text[at];
      if (sign === undefined) return node;
      if (sign === "]") return { ...node, to: at + 1 };
      if (sign === "}") return { ...node, to: at };
      if (sign === ":") {
        at += 1;
        continue;
      }
      const value = this.value(at, depth + 1)!;
      node.entries.push({ name: String(node.entries.length), from: value.from, to: value.from, colon: value.from, value, end: value.to });
      at = value.to;
    }
  }
}

export function unescaped(text: string, quote: string): string {
  if (quote === "'") return text.replaceAll("''", "'");
  if (!text.includes("\\")) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

export const member = (node: Node | null | undefined, name: string): Node | null =>
  node?.kind === "object" ? (node.entries.find((entry) => entry.name === name)?.value ?? null) : null;

export const textOf = (node: Node | null): string | null => (node && (node.kind === "text" || node.kind === "other") ? node.text : null);
