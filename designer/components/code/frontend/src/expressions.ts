// What may stand in a path or an expression: paths into the data of the last run, the context object, variables, functions.

import { snippet, type Completion } from "@codemirror/autocomplete";
import type { Place } from "./place";
import type { Callable, Vocabulary } from "./types";

type Texts = Record<string, string>;
export type Offer = { from: number; options: Completion[] };

/** Where `$` of a field is not the state's input after InputPath. */
const BASES: Record<string, string[]> = {
  InputPath: ["raw"],
  ResultSelector: ["result"],
  ResultPath: ["raw"],
  OutputPath: ["merged", "selected", "result", "input"],
  Assign: ["result", "input"],
};
const OWN_RESULT = new Set(["Task", "Parallel", "Map"]);
const ERROR = ["$", "$.Error", "$.Cause"];

const shape = (words: Vocabulary, index: number | null | undefined): string[] => (index === null || index === undefined ? [] : (words.shapes[index] ?? []));

const data = (words: Vocabulary, place: Place, bases: string[]): string[] => {
  const held = place.state ? words.data[place.state.at] : undefined;
  const base = bases.find((name) => held && name in held);
  return base === undefined ? [] : shape(words, held![base]);
};

/** JSONPath: `before` is what of the text stands before the cursor, `at` where the cursor is. */
export function inPath(words: Vocabulary, texts: Texts, place: Place, before: string, at: number, calls: boolean): Offer {
  const word = /[^\s,()']*(?:\['[^']*(?:'\]?[^\s,()']*)?)*$/.exec(before)?.[0] ?? "";
  const field = place.field?.name ?? place.name;
  const caught = place.owner === "Catcher" && field !== "ResultPath";
  const paths = caught ? ERROR : data(words, place, BASES[field] ?? ["input", "raw"]);
  const options: Completion[] = (paths.length ? paths : ["$"]).map((label) => ({ label, type: "path", section: { name: texts.of_data, rank: 1 } }));
  if (place.field?.kind !== "result path") {
    for (const [name, index] of Object.entries(words.variables))
      for (const path of shape(words, index).length ? shape(words, index) : ["$"])
        options.push({ label: `$${name}${path.slice(1)}`, section: { name: texts.of_variables, rank: 2 } });
    for (const { path, help } of words.context) options.push({ label: `$$.${path}`, info: help, section: { name: texts.of_context, rank: 3 } });
  }
  if (calls) options.push(...functions(words.intrinsics, texts, 4));
  return { from: at - word.length, options };
}

/** JSONata, between `{%` and `%}`. */
export function inExpression(words: Vocabulary, texts: Texts, place: Place, before: string, at: number): Offer {
  const word = /(?:[\w$.]|\[\d+\]|`[^`]*`?)*$/.exec(before)?.[0] ?? "";
  const held = place.state ? words.data[place.state.at] : undefined;
  const field = place.field?.name ?? place.name;
  const after = place.owner === "Catcher" ? "errorOutput" : OWN_RESULT.has(place.state?.type ?? "") && /^(Output|Assign)$/.test(field) ? "result" : "";
  const options: Completion[] = [];
  const add = (root: string, paths: string[], name: string, rank: number) => {
    for (const path of paths.length ? paths : ["$"]) options.push({ label: root + named(path.slice(1)), section: { name, rank } });
  };
  add("$states.input", shape(words, held?.raw), texts.of_data, 1);
  if (after === "result") add("$states.result", shape(words, held?.result), texts.of_result, 0);
  if (after === "errorOutput") add("$states.errorOutput", ERROR, texts.of_error, 0);
  for (const [name, index] of Object.entries(words.variables)) add(`$${name}`, shape(words, index), texts.of_variables, 2);
  for (const { path, help } of words.context) options.push({ label: `$states.context.${path}`, info: help, section: { name: texts.of_context, rank: 3 } });
  options.push(...functions(words.jsonata, texts, 4));
  return { from: at - word.length, options };
}

/** Names that are no words stand in backticks in JSONata. */
const named = (path: string): string => path.replace(/\['((?:[^'\\]|\\.)*)'\]/g, (_all, name: string) => `.\`${name.replace(/\\(.)/g, "$1")}\``);

function functions(table: Callable[], texts: Texts, rank: number): Completion[] {
  return table.map(({ name, parameters, help }) => ({
    label: name,
    detail: `(${parameters})`,
    info: help,
    type: "function",
    section: { name: texts.of_functions, rank },
    apply: parameters ? snippet(`${name}(${parameters.split(", ").filter((each) => !/[?…]$/.test(each)).map((each) => `\${${each}}`).join(", ") || "${}"})`) : `${name}()`,
  }));
}
