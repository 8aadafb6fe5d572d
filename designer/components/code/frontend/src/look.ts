// Colours and type. The tokens are in style.css; here they meet the editor's classes and the parts of the languages.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto", scrollbarWidth: "thin", scrollbarColor: "var(--line) transparent" },
  ".cm-content": { padding: "6px 0 24px", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "1.5px" },
  "& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: "var(--hold)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: "var(--hold)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--mute)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 10px", minWidth: "34px" },
  ".cm-foldGutter .cm-gutterElement": { padding: "0 4px 0 0", cursor: "pointer" },
  ".cm-gutter-lint": { width: "18px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "2px 0 0 4px" },
  ".cm-activeLine": { backgroundColor: "light-dark(#1d21260a, #e6e8eb0a)" }, // the selection is drawn below
  ".cm-activeLineGutter": { backgroundColor: "var(--soft)", color: "var(--ink)" },
  ".cm-foldPlaceholder": { background: "var(--soft)", border: "1px solid var(--line)", color: "var(--mute)", padding: "0 5px", borderRadius: "5px" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--accent)", borderRadius: "2px" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--fail)" },
  ".cm-searchMatch": { backgroundColor: "var(--chg)", outline: "1px solid color-mix(in srgb, var(--caught) 50%, transparent)" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--caught) 45%, transparent)" },
  ".cm-selectionMatch": { backgroundColor: "var(--sel)" },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px",
    boxShadow: "0 4px 18px light-dark(#0000001f, #00000066)", zIndex: "60",
  },
  ".cm-tooltip-lint": { overflow: "hidden" },
  ".cm-panels": { backgroundColor: "var(--soft)", color: "var(--ink)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--key)" },
  { tag: [tags.string, tags.special(tags.string), tags.content], color: "var(--text)" },
  { tag: [tags.number], color: "var(--number)" },
  { tag: [tags.bool, tags.null, tags.keyword, tags.labelName, tags.typeName, tags.meta], color: "var(--accent)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--mute)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--mute)" },
]);

export const look: Extension = [theme, syntaxHighlighting(colours)];
