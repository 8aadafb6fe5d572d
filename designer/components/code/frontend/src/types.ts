// What Python sends and what it is told. Offsets are Python's: code points of the text as Python holds it.

export type Severity = "error" | "warning" | "hint";
export type Mark = { start: number; end: number; severity: Severity; message: string; fixes: string[] };

export type Field = {
  name: string;
  on: string[];
  kind: string;
  help: string;
  language?: "JSONPath" | "JSONata";
  required?: boolean;
  either_with?: string[];
  values?: string[];
  part?: string;
  deprecated?: string;
  distributed?: boolean;
};
export type Callable = { name: string; parameters: string; help: string };

/** `engine.vocabulary.vocabulary` */
export type Vocabulary = {
  fields: Field[];
  operators: { name: string; kind: string; path: boolean }[];
  intrinsics: Callable[];
  jsonata: Callable[];
  context: { path: string; help: string }[];
  resources: string[];
  errors: { any: string[]; of: Record<string, string[]> };
  states: Record<string, string[]>;
  variables: Record<string, number | null>;
  shapes: string[][];
  data: Record<string, Record<string, number>>;
};

export type Language = "json" | "yaml";

export type Props = {
  text: string;
  rev: number;
  /** number of the last text or wish that Python has taken in, when this run did; null when it did not */
  taken: number | null;
  language: Language;
  marks: Mark[];
  vocabulary: Vocabulary | null;
  reveal: [number, number] | null;
  texts: Record<string, string>;
  locale: string;
  height: number | "stretch";
  read_only: boolean;
  reports: { place: boolean; undo: boolean; redo: boolean; fix: boolean; language: boolean };
};

export type Tell = (name: "typed" | "place" | "command" | "fix" | "language", value: unknown) => void;
