// YAML as people write definitions: blocks by indentation, flow collections, quoted and plain texts, block texts. Anchors and
// tags are passed over. The line of the cursor counts as a name to be written when there is nothing else on it.

import { Flow, leaf, unescaped, type Entry, type Node } from "./outline";

type Line = { indent: number; from: number; to: number };

const DEEPEST = 200;
const LONGEST_NAME = 500;
const NAME = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|((?:[^\s#'"{}[\],&*!|>%@`-]|-(?=\S))(?:[^#:]|:(?=\S)|(?<=\S)#)*?))\s*:(?=\s|$)/;
const MARKS = /^(?:[&!][^\s,[\]{}]*\s+)+|^[&!][^\s,[\]{}]*$/;

export function readYaml(text: string, cursor: number): Node {
  return new Block(text, cursor).root();
}

class Block {
  private readonly lines: Line[] = [];
  private next = 0;
  private readonly flow: Flow;

  constructor(
    private readonly text: string,
    cursor: number,
  ) {
    this.flow = new Flow(text, true);
    for (let from = 0; from <= text.length; ) {
      const end = text.indexOf("\n", from);
      const to = end < 0 ? text.length : end;
      const content = text.slice(from, to);
      const indent = content.length - content.trimStart().length;
      const here = cursor >= from && cursor <= to;
      if (!content.trim()) {
        if (here) this.lines.push({ indent: cursor - from, from: cursor, to: cursor });
      } else if (content[indent] !== "#" && !/^(?:---|\.\.\.|%)/.test(content))
        this.lines.push({ indent, from: from + indent, to: from + bare(content) });
      from = to + 1;
    }
  }

  root(): Node {
    return this.node(0, 0) ?? leaf("object", 0, this.text.length, "");
  }

  /** What stands at the next line, if it is indented at least so much. */
  private node(least: number, depth: number): Node | null {
    const line = this.lines[this.next];
    if (!line || line.indent < least || depth > DEEPEST) return null;
    const content = this.content(line);
    if (/^-(?:\s|$)/.test(content)) return this.sequence(line.indent, depth);
    if (content && !NAME.test(content.slice(0, LONGEST_NAME))) {
      const sign = content[0];
      if (sign === "{" || sign === "[" || sign === '"' || sign === "'") return this.inFlow(line.from, depth);
      if (least > 0 && depth > 0 && !this.more(line.indent)) return this.plain(line);
    }
    return this.mapping(line.indent, depth);
  }

  /** Does a name with a colon follow in the same column? Then a line without one is a name to be finished. */
  private more(indent: number): boolean {
    for (let index = this.next + 1; index < this.lines.length; index++) {
      const line = this.lines[index];
      if (line.indent < indent) return false;
      if (line.indent === indent) return NAME.test(this.content(line).slice(0, LONGEST_NAME));
    }
    return false;
  }

  private content(line: Line): string {
    return this.text.slice(line.from, line.to).trimEnd();
  }

  private mapping(indent: number, depth: number): Node {
    const first = this.lines[this.next];
    const node: Node = leaf("object", first.from, first.to, "");
    for (let line = this.lines[this.next]; line && line.indent === indent; line = this.lines[this.next]) {
      const content = this.content(line);
      if (/^-(?:\s|$)/.test(content)) break;
      node.entries.push(this.entry(line, content, depth));
      node.to = Math.max(node.to, node.entries[node.entries.length - 1].end);
      while (this.lines[this.next] && this.lines[this.next].indent > indent) this.next += 1; // what fits nowhere
    }
    return node;
  }

  private entry(line: Line, content: string, depth: number): Entry {
    const found = NAME.exec(content.slice(0, LONGEST_NAME));
    this.next += 1;
    if (!found) return { name: content, from: line.from, to: line.from + content.length, colon: -1, value: null, end: line.to };
    const quoted = found[1] !== undefined ? '"' : found[2] !== undefined ? "'" : "";
    const name = quoted ? unescaped(found[1] ?? found[2], quoted) : found[3];
    const written = quoted ? name.length + 2 : name.length;
    const colon = line.from + found[0].length;
    const entry: Entry = { name, from: line.from, to: line.from + written, colon, value: null, end: line.to };
    const rest = this.text.slice(colon, line.to);
    const marks = MARKS.exec(rest.trimStart())?.[0].length ?? 0;
    const begin = colon + rest.length - rest.trimStart().length + marks;
    const sign = this.text[begin];
    if (begin >= line.to) {
      const following = this.lines[this.next];
      const dash = following && /^-(?:\s|$)/.test(this.content(following));
      entry.value = following && (following.indent > line.indent || (dash && following.indent === line.indent)) ? this.node(line.indent, depth + 1) : null;
    } else if (sign === "|" || sign === ">") {
      entry.value = leaf("text", begin, line.to, "");
      while (this.lines[this.next] && this.lines[this.next].indent > line.indent) entry.value.to = this.lines[this.next++].to;
      entry.value.text = this.text.slice(begin, entry.value.to);
    } else if (sign === "{" || sign === "[" || sign === '"' || sign === "'") {
      this.next -= 1;
      entry.value = this.inFlow(begin, depth);
    } else entry.value = leaf("other", begin, line.to, this.text.slice(begin, line.to).trimEnd());
    if (entry.value) entry.end = Math.max(entry.end, entry.value.to);
    return entry;
  }

  private sequence(indent: number, depth: number): Node {
    const first = this.lines[this.next];
    const node: Node = leaf("array", first.from, first.to, "");
    for (let line = this.lines[this.next]; line && line.indent === indent; line = this.lines[this.next]) {
      const content = this.text.slice(line.from, line.to);
      if (!/^-(?:\s|$)/.test(content)) break;
      const inner = content.slice(1).length - content.slice(1).trimStart().length + 1;
      const from = line.from + Math.min(inner, content.length);
      const entry: Entry = { name: String(node.entries.length), from, to: from, colon: line.from + 1, value: null, end: line.to };
      if (content.trim() === "-") {
        this.next += 1;
        const following = this.lines[this.next];
        if (following && following.indent > indent) entry.value = this.node(indent + 1, depth + 1);
      } else {
        this.lines[this.next] = { indent: indent + inner, from, to: line.to };
        entry.value = this.node(indent + 1, depth + 1);
      }
      if (entry.value) entry.end = Math.max(entry.end, entry.value.to);
      node.entries.push(entry);
      node.to = entry.end;
      while (this.lines[this.next] && this.lines[this.next].indent > indent) this.next += 1;
    }
    return node;
  }

  private plain(line: Line): Node {
    this.next += 1;
    return leaf("other", line.from, line.to, this.content(line));
  }

  private inFlow(at: number, depth: number): Node {
    const node = this.flow.value(at, depth + 1)!;
    while (this.lines[this.next] && this.lines[this.next].from <= node.to) this.next += 1;
    return node;
  }
}

/** Up to where a line counts: a comment does not. */
function bare(content: string): number {
  let quote = "";
  for (let index = 0; index < content.length; index++) {
    const sign = content[index];
    if (quote) {
      if (sign === "\\" && quote === '"') index += 1;
      else if (sign === quote) quote = "";
    } else if ((sign === '"' || sign === "'") && /(?:^|[\s,:[{-])$/.test(content.slice(Math.max(0, index - 1), index))) quote = sign;
    else if (sign === "#" && /\s/.test(content[index - 1] ?? " ")) return index;
  }
  return content.length;
}
