// Completion, worked out here from the words that Python sent and the text as it is at this moment, broken or not.

import { pickedCompletion, snippet, startCompletion, type Completion, type CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { inExpression, inPath, type Offer } from "./expressions";
import { member, textOf } from "./outline";
import { placeAt, type Place } from "./place";
import type { Field, Language, Props, Vocabulary } from "./types";

type Texts = Record<string, string>;
const PATHS = new Set(["path", "items path", "reference path", "result path", "text path"]);
const CALLS = new Set(["text path"]);
/** Kinds whose values can be chosen from: once the name stands, they are offered at once. */
const CHOSEN = new Set(["one of", "state", "resource", "flag", "names", ...PATHS]);
const EXPRESSION = new Set(["value", "condition", "items"]);

export const completions =
  (props: () => Props): CompletionSource =>
  (context) => {
    const { vocabulary, language, texts, read_only } = props();
    if (!vocabulary || read_only) return null;
    const text = context.state.doc.toString();
    const place = placeAt(text, context.pos, language, vocabulary);
    if (!place) return null;
    return place.role === "name" ? names(place, vocabulary, texts, context, language) : values(place, vocabulary, texts, text, context, language);
  };

// Names -------------------------------------------------------------------------------------------------------------

function names(place: Place, words: Vocabulary, texts: Texts, context: CompletionContext, language: Language): CompletionResult | null {
  if (!context.explicit && !place.quote && place.from === context.pos) return null;
  const there = new Set(place.inside.entries.filter(({ from, to }) => context.pos < from || context.pos > to).map(({ name }) => name));
  const options = offered(place, words, texts, there, language);
  const to = place.colon || place.quote ? place.to : context.pos;
  return options.length ? { from: place.from, to, options, validFor: /^[\w.$ ?-]*$/ } : null;
}

function offered(place: Place, words: Vocabulary, texts: Texts, there: Set<string>, language: Language): Completion[] {
  const { part } = place;
  const named = (name: string, info: Completion["info"], kind: string, boost: number, section?: string): Completion => ({
    label: name,
    info,
    boost,
    section: section ? { name: section, rank: 2 } : undefined,
    apply: name_(place, name, kind, language),
  });
  if (part === "States") return missing(place).map((name) => named(name, texts.not_there_yet, "object", 0));
  const found = words.fields.filter(
    ({ name, on, language: spoken, deprecated, either_with }) =>
      (part === "State" ? on.some((each) => STATE_TYPES.has(each)) : on.includes(part)) &&
      (!spoken || spoken === place.language) &&
      !deprecated &&
      !there.has(name) &&
      !either_with?.some((other) => there.has(other)),
  );
  const mode = textOf(member(member(member(place.inside, "ItemProcessor"), "ProcessorConfig"), "Mode"));
  const seen = new Set<string>();
  const options: Completion[] = [];
  found.forEach((field, index) => {
    if (seen.has(field.name)) return;
    seen.add(field.name);
    const boost = (field.name === "Type" ? 60 : field.required ? 40 : field.name === "Next" ? 20 : field.name === "Comment" ? -60 : 0) - index / 10;
    const late = field.distributed && mode !== "DISTRIBUTED" ? -50 : 0;
    options.push(named(field.name, () => about(field, texts), EXPRESSION.has(field.kind) || (field.kind === "template or value" && place.language === "JSONata") ? "value" : field.kind, boost + late));
  });
  if (part === "Rule" && place.language === "JSONPath") {
    const parts = [
      ["Variable", "path", texts.rule_variable],
      ["And", "rules", texts.rule_and],
      ["Or", "rules", texts.rule_or],
      ["Not", "rule", texts.rule_not],
    ];
    for (const [name, kind, info] of parts) if (!there.has(name)) options.push(named(name, info, kind, name === "Variable" ? 50 : 30));
    if (!words.operators.some(({ name }) => there.has(name)))
      for (const { name, kind, path } of words.operators) options.push(named(name, undefined, path ? "path" : kind, path ? -10 : 0, texts.operators));
  }
  return options;
}

const STATE_TYPES = new Set(["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"]);

/** Names that something leads to and that no state has yet. */
function missing(place: Place): string[] {
  const names = new Set<string>();
  const walk = (node: Place["inside"], depth: number) => {
    for (const { name, value } of node.entries) {
      if ((name === "Next" || name === "Default") && textOf(value)) names.add(textOf(value)!);
      else if (value && depth < 3 && name !== "States") walk(value, depth + 1);
    }
  };
  for (const { value } of place.inside.entries) if (value) walk(value, 0);
  for (const { name } of place.inside.entries) names.delete(name);
  return [...names];
}

/** The help of a field. */
export function about(field: Field, texts: Texts): HTMLElement {
  const box = document.createElement("div");
  const line = (text: string, className = "") => {
    const paragraph = box.appendChild(document.createElement("p"));
    paragraph.textContent = text;
    paragraph.className = className;
  };
  line(field.help);
  if (field.values) line(field.values.join(" · "), "aside");
  if (field.required) line(texts.required, "aside");
  if (field.either_with) line(texts.either_with.replace("{names}", field.either_with.join(", ")), "aside");
  return box;
}

/** Writes a name, and behind it what its kind of value begins with, commas where JSON wants them. */
function name_(place: Place, name: string, kind: string, language: Language) {
  return (view: EditorView, completion: Completion, from: number, to: number) => {
    const { doc } = view.state;
    const picked = pickedCompletion.of(completion);
    const written = language === "json" ? JSON.stringify(name) : plain(name, true);
    if (place.colon) {
      const inner = place.quote ? (place.quote === '"' ? JSON.stringify(name).slice(1, -1) : name.replaceAll("'", "''")) : written;
      view.dispatch({ changes: { from, to, insert: inner }, selection: { anchor: from + inner.length }, annotations: picked, userEvent: "input.complete" });
      return;
    }
    const begin = place.quote ? from - 1 : from;
    const behind = place.quote && doc.sliceString(to, to + 1) === place.quote ? to + 1 : to;
    const body = (language === "json" ? JSON_BODY : YAML_BODY)[kind] ?? (language === "json" ? '"${}"' : "${}");
    const colon = language === "yaml" && body.startsWith("\n") ? ":" : ": ";
    let template = `${escaped(written)}${colon}${body}`;
    if (language === "json") {
      const before = /[{,]\s*$/.test(doc.sliceString(Math.max(0, begin - 2000), begin));
      const after = /^\s*"/.test(doc.sliceString(behind, behind + 2000));
      template = `${before ? "" : ", "}${template}${after ? "," : ""}`;
    }
    snippet(template)(view, completion, begin, behind);
    if (CHOSEN.has(kind)) startCompletion(view);
  };
}

const escaped = (text: string): string => text.replace(/[$#](?=\{)/g, "\\$&").replaceAll("}", "\\}");

const JSON_BODY: Record<string, string> = {
  flag: "${true}",
  boolean: "${true}",
  test: "${true}",
  whole: "${1}",
  number: "${1}",
  "whole or expression": "${1}",
  "number or expression": "${1}",
  template: "{\n\t${}\n}",
  variables: "{\n\t${}\n}",
  object: "{\n\t${}\n}",
  states: "{\n\t${}\n}",
  block: '{\n\t"StartAt": "${}",\n\t"States": {}\n}',
  blocks: '[\n\t{\n\t\t"StartAt": "${}",\n\t\t"States": {}\n\t}\n]',
  list: "[\n\t{\n\t\t${}\n\t}\n]",
  rules: "[\n\t{\n\t\t${}\n\t}\n]",
  rule: "{\n\t${}\n}",
  names: '["${}"]',
  texts: '["${}"]',
  json: "${null}",
  value: '"{% ${} %\\}"',
};

const YAML_BODY: Record<string, string> = {
  flag: "${true}",
  boolean: "${true}",
  test: "${true}",
  whole: "${1}",
  number: "${1}",
  "whole or expression": "${1}",
  "number or expression": "${1}",
  template: "\n\t${}",
  variables: "\n\t${}",
  object: "\n\t${}",
  states: "\n\t${}",
  block: "\n\tStartAt: ${}\n\tStates: {\\}",
  blocks: "\n\t- StartAt: ${}\n\t  States: {\\}",
  list: "\n\t- ${}",
  rules: "\n\t- ${}",
  rule: "\n\t${}",
  names: "\n\t- ${}",
  texts: "\n\t- ${}",
  value: '"{% ${} %\\}"',
};

// Values ------------------------------------------------------------------------------------------------------------

function values(place: Place, words: Vocabulary, texts: Texts, text: string, context: CompletionContext, language: Language): CompletionResult | null {
  if (!context.explicit && !place.quote && place.from === context.pos && language === "json") return null;
  const before = text.slice(place.from, context.pos);
  const offer = expression(place, words, texts, before, context.pos);
  if (offer) {
    const options = offer.options.map((option) => (typeof option.apply === "function" ? option : { ...option, apply: value_(place, String(option.apply ?? option.label), language, offer.from > place.from) }));
    return { from: offer.from, to: offer.from === place.from && !before.includes("(") ? place.to : context.pos, options, validFor: /^[\w.$[\]'`]*$/ };
  }
  const options = choices(place, words, texts);
  if (!options.length) return null;
  const result = options.map((option) => ({ ...option, apply: value_(place, option.label, language, false, option.type === "literal") }));
  return { from: place.from, to: place.to, options: result, validFor: /^[^"']*$/ };
}

function expression(place: Place, words: Vocabulary, texts: Texts, before: string, at: number): Offer | null {
  if (place.language === "JSONata") {
    const open = before.lastIndexOf("{%");
    return open >= 0 && !before.slice(open).includes("%}") ? inExpression(words, texts, place, before.slice(open + 2), at) : null;
  }
  const { part, name, field } = place;
  const inTemplate = part === "template" || part === "template or value" || part === "variables";
  if (inTemplate) return name.endsWith(".$") ? inPath(words, texts, place, before, at, true) : null;
  const operator = part === "Rule" && (name === "Variable" || words.operators.some((each) => each.name === name && each.path));
  if (operator || (field && PATHS.has(field.kind))) return inPath(words, texts, place, before, at, CALLS.has(field?.kind ?? ""));
  return null;
}

function choices(place: Place, words: Vocabulary, texts: Texts): Completion[] {
  const { field } = place;
  const inError = field?.name === "ErrorEquals";
  const kind = place.part === "Rule" && !field ? (words.operators.find(({ name }) => name === place.name)?.kind ?? "") : (field?.kind ?? "");
  if (kind === "state") return states(place, words);
  if (kind === "flag" || kind === "boolean" || kind === "test") return ["true", "false"].map((label) => ({ label, type: "literal" }));
  if (kind === "one of") return (field!.values ?? []).map((label, index) => ({ label, boost: -index }));
  if (kind === "resource") return words.resources.map((label, index) => ({ label, boost: -index / 10 }));
  if (inError) {
    const own = words.errors.of[textOf(member(place.state?.node, "Resource")) ?? ""] ?? [];
    const written = new Set(place.inside.entries.map(({ value }) => textOf(value)));
    const taken = (name: string) => written.has(name) && !(name === textOf(place.inside.entries.find(({ value }) => value && place.from >= value.from && place.from <= value.to)?.value ?? null));
    return [
      ...words.errors.any.map((label, index) => ({ label, boost: -index, section: { name: texts.of_language, rank: 2 } })),
      ...own.map((label, index) => ({ label, boost: -index, section: { name: texts.of_service, rank: 1 } })),
    ].filter(({ label }) => !taken(label));
  }
  if (place.language === "JSONata" && (EXPRESSION.has(kind) || /expression|words|timestamp|value/.test(kind)))
    return [{ label: "{% %}", detail: texts.expression, type: "expression" }];
  return [];
}

/** The states of the block: those of the text as it is, and where it cannot be read, those it had. */
function states(place: Place, words: Vocabulary): Completion[] {
  const block = place.name === "StartAt" ? member(place.inside, "States") : place.states;
  const own = place.state && place.name !== "StartAt" ? place.state.at.slice(place.state.at.lastIndexOf("/States/") + 8) : "";
  const now = block?.entries.map(({ name }) => name).filter(Boolean) ?? [];
  const names = now.length ? now : (words.states[place.block] ?? []);
  return [...new Set(names)].map((label, index) => ({ label, boost: (label === own ? -50 : 0) - index / 100 }));
}

/** Writes a value in the quotes that are there, or with quotes of its own where the language needs some. */
function value_(place: Place, label: string, language: Language, within: boolean, literal = false) {
  return (view: EditorView, completion: Completion, from: number, to: number) => {
    const { doc } = view.state;
    if (label === "{% %}") {
      const begin = place.quote ? from - 1 : from;
      const behind = place.quote && doc.sliceString(to, to + 1) === place.quote ? to + 1 : to;
      snippet('"{% ${} %\\}"')(view, completion, begin, behind);
      startCompletion(view);
      return;
    }
    let insert = label;
    let begin = from;
    let end = to;
    if (literal && place.quote) {
      begin -= 1;
      if (doc.sliceString(to, to + 1) === place.quote) end += 1;
    } else if (!literal) {
      const inQuotes = place.quote || within;
      if (inQuotes) insert = place.quote === "'" ? label.replaceAll("'", "''") : place.quote ? JSON.stringify(label).slice(1, -1) : label;
      else insert = language === "json" ? JSON.stringify(label) : plain(label, false);
    }
    const closes = place.quote && !literal && !within && doc.sliceString(end, end + 1) !== place.quote ? place.quote : "";
    view.dispatch({
      changes: { from: begin, to: end, insert: insert + closes },
      selection: { anchor: begin + insert.length + closes.length },
      annotations: pickedCompletion.of(completion),
      userEvent: "input.complete",
    });
  };
}

/** A text as YAML writes it plain, in quotes where plain it would be something else. */
const plain = (text: string, name: boolean): string =>
  /^[\w$/][^#:{}[\],&*!|>'"%@`]*(?::[^\s#][^#]*)*$/.test(text) && !/\s$/.test(text) && !/^(?:true|false|null|yes|no|on|off|~|[\d.+-]+)$/i.test(text) && !(name && text.includes(": "))
    ? text
    : JSON.stringify(text);
