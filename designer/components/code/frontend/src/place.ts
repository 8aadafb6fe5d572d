// Where the cursor is, in the terms of the language: which object of the table of fields is around it, which field its value
// belongs to, in which state and block, in which query language.

import { member, readJson, textOf, type Entry, type Node } from "./outline";
import type { Field, Language, Vocabulary } from "./types";
import { readYaml } from "./yaml";

/** An object or array on the way from the machine to the cursor, and what it is. */
type Step = { node: Node; part: string; field: Field | null; key: string };

export type Place = {
  role: "name" | "value";
  /** what to replace: the word or the inside of the quotes */
  from: number;
  to: number;
  quote: '"' | "'" | "";
  /** the object or array that holds the name or value, and what it is: `Task`, `Rule`, `States`, `template`, `names` … */
  inside: Node;
  part: string;
  /** the object of the table that all this belongs to: the state's type, or `Catcher`, `Rule` … */
  owner: string;
  /** the field that holds this value, or in whose template it is */
  field: Field | null;
  /** the name that this value has */
  name: string;
  /** has the name under the cursor a colon already? */
  colon: boolean;
  language: "JSONPath" | "JSONata";
  state: { node: Node; at: string; type: string } | null;
  /** all states of the block */
  states: Node | null;
  block: string;
};

const OPEN = new Set(["template", "value", "template or value", "variables", "items", "json"]);

export function placeAt(text: string, cursor: number, language: Language, words: Vocabulary): Place | null {
  const root = language === "yaml" ? readYaml(text, cursor) : readJson(text);
  if (root.kind !== "object" || cursor < root.from) return null;
  const way = wayTo(root, cursor);
  const first = way.findIndex(({ node }) => node.entries.some(({ name }) => name === "States" || name === "StartAt"));
  const found = understood(way.slice(Math.max(0, first)), words);
  const { node, entry } = way[way.length - 1];
  const last = found.steps[found.steps.length - 1];
  const inside = { inside: node, part: last.part, owner: found.owner, language: found.language, state: found.state, states: found.states, block: found.block };
  const lists = last.part.endsWith("[]");
  if (node.kind === "object" && (!entry || cursor <= entry.to || entry.colon < 0 || cursor < entry.colon)) {
    const own = entry && cursor <= entry.to ? entry : null;
    return { role: "name", ...written(text, cursor, own?.from ?? cursor, own?.to ?? cursor), ...inside, field: last.field, name: "", colon: (own?.colon ?? -1) >= 0 };
  }
  const value = entry?.value ?? null;
  if (value && (value.kind === "object" || value.kind === "array")) return null;
  const place = written(text, cursor, value?.from ?? cursor, value?.to ?? cursor);
  if (lists) {
    // An item of a list of objects: what is being written is its first name.
    if (language === "json") return null;
    const fresh: Node = { kind: "object", from: cursor, to: cursor, text: "", entries: [] };
    return { role: "name", ...place, ...inside, inside: fresh, part: last.part.slice(0, -2), field: null, name: "", colon: false };
  }
  const name = node.kind === "array" ? last.key : (entry?.name ?? "");
  const field = node.kind === "array" || OPEN.has(last.part) ? last.field : fieldOf(words, last.part, name);
  return { role: "value", ...place, ...inside, field, name, colon: true };
}

/** From the root to the innermost object or array around the cursor, each with the entry that the cursor is at. */
function wayTo(root: Node, cursor: number): { node: Node; entry: Entry | null }[] {
  const way: { node: Node; entry: Entry | null }[] = [];
  for (let node = root; ; ) {
    const entry = node.entries.findLast((each) => each.from <= cursor && cursor <= each.end) ?? null;
    way.push({ node, entry });
    const value = entry?.value;
    if (!value || (value.kind !== "object" && value.kind !== "array") || cursor < value.from) return way;
    const closed = value.to > value.from + 1 && cursor === value.to; // behind its bracket
    if (value.bracketed && (cursor === value.from || closed || cursor > value.to)) return way;
    node = value;
  }
}

function understood(way: { node: Node; entry: Entry | null }[], words: Vocabulary) {
  const machine = way[0].node;
  const spoken = (node: Node, otherwise: "JSONPath" | "JSONata") => {
    const own = textOf(member(node, "QueryLanguage"));
    return own === "JSONata" || own === "JSONPath" ? own : otherwise;
  };
  const general = spoken(machine, "JSONPath");
  let language = general;
  let state: Place["state"] = null;
  let states: Node | null = member(machine, "States");
  let at = "";
  let block = "";
  const steps: Step[] = [{ node: machine, part: "Machine", field: null, key: "" }];
  for (let index = 1; index < way.length; index++) {
    const key = way[index - 1].entry!.name;
    const { node } = way[index];
    const { part, field } = steps[index - 1];
    const inArray = way[index - 1].node.kind === "array";
    at += inArray ? `[${key}]` : `/${key}`;
    if (part === "States") {
      const type = textOf(member(node, "Type")) ?? "";
      state = { node, at, type };
      language = spoken(node, general);
      steps.push({ node, part: type || "State", field: null, key });
    } else if (part.endsWith("[]")) {
      const inner = part.slice(0, -2);
      if (inner === "Branch") ({ block, states } = { block: at, states: member(node, "States") });
      steps.push({ node, part: inner, field: null, key });
    } else if (part === "Rule" && (key === "And" || key === "Or")) steps.push({ node, part: "Rule[]", field: null, key });
    else if (part === "Rule" && key === "Not") steps.push({ node, part: "Rule", field: null, key });
    else if (OPEN.has(part) || inArray) steps.push({ node, part, field, key: inArray ? steps[index - 1].key : key });
    else {
      const own = fieldOf(words, part, key);
      let next = "";
      if (own?.kind === "states") {
        next = "States";
        states = node;
      } else if (own?.kind === "list" || own?.kind === "blocks") next = `${own.part}[]`;
      else if (own?.kind === "object") next = own.part ?? "";
      else if (own?.kind === "block") {
        next = own.part ?? "";
        block = at;
        states = member(node, "States");
      } else if (own && OPEN.has(own.kind)) next = own.kind;
      else if (own) next = own.kind;
      steps.push({ node, part: next, field: own, key });
    }
  }
  const owner = steps.findLast(({ part, field }) => part && part !== field?.kind && !part.endsWith("[]"))?.part ?? "";
  return { steps, owner, language, state, states, block };
}

export const fieldOf = (words: Vocabulary, part: string, name: string): Field | null =>
  words.fields.find((field) => field.name === name && (field.on.includes(part) || (part === "State" && field.on.includes("Task")))) ?? null;

/** The word that is being written. */
function written(text: string, cursor: number, from: number, to: number): { from: number; to: number; quote: '"' | "'" | "" } {
  const sign = text[from];
  if (to <= from || (sign !== '"' && sign !== "'")) return { from, to: Math.max(to, from), quote: "" };
  const closed = to - from > 1 && text[to - 1] === sign;
  return { from: from + 1, to: closed ? to - 1 : cursor, quote: sign };
}
