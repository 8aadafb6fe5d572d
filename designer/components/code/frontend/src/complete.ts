import type { CompletionSource } from "@codemirror/autocomplete";
import type { Props } from "./types";

export const completions = (_props: () => Props): CompletionSource => () => null;
