"""Every word that the editor shows, in English: the msgids of the catalogues, by the keys that the browser knows.

What begins with `phrase_` are the words of the editor's own parts, search and folding above all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from designer.theme import N_

TEXTS: dict[str, str] = {
    "code": N_("Code"),
    "editor": N_("Definition as text"),
    "editor_help": N_(
        "Ctrl+Space completes, F8 goes to the next problem, Ctrl+. to what mends it, Ctrl+F searches. "
        "Tab indents; Escape and then Tab leaves the editor."
    ),
    "line_column": N_("line {line}, column {column}"),
    "find": N_("Find"),
    "fold": N_("Fold line"),
    "unfold": N_("Unfold line"),
    # completion
    "required": N_("Required"),
    "either_with": N_("Instead of {names}"),
    "not_there_yet": N_("Something leads here, and there is no such state yet."),
    "operators": N_("Comparisons"),
    "rule_variable": N_("The value that is compared, as a path."),
    "rule_and": N_("Holds when all of its rules hold."),
    "rule_or": N_("Holds when one of its rules holds."),
    "rule_not": N_("Holds when its rule does not."),
    "of_data": N_("Data of the last run"),
    "of_result": N_("Result of the last run"),
    "of_error": N_("What was caught"),
    "of_variables": N_("Variables"),
    "of_context": N_("Context object"),
    "of_functions": N_("Functions"),
    "of_language": N_("Errors of the language"),
    "of_service": N_("Errors of the service"),
    "expression": N_("an expression"),
    # search, folding, completion: words of the editor's parts
    "phrase_find": N_("Find"),
    "phrase_replace": N_("Replace"),
    "phrase_next": N_("next"),
    "phrase_previous": N_("previous"),
    "phrase_all": N_("all"),
    "phrase_case": N_("match case"),
    "phrase_word": N_("whole words"),
    "phrase_regexp": N_("regular expression"),
    "phrase_replace_one": N_("replace"),
    "phrase_replace_all": N_("replace all"),
    "phrase_close": N_("close"),
    "phrase_match": N_("current match"),
    "phrase_on_line": N_("on line"),
    "phrase_replaced": N_("replaced $ matches"),
    "phrase_replaced_on": N_("replaced match on line $"),
    "phrase_go_to_line": N_("Go to line"),
    "phrase_go": N_("go"),
    "phrase_unfold_one": N_("unfold"),
    "phrase_folded": N_("folded code"),
    "phrase_folded_lines": N_("Folded lines"),
    "phrase_unfolded_lines": N_("Unfolded lines"),
    "phrase_to": N_("to"),
    "phrase_completions": N_("Completions"),
    "phrase_selection_deleted": N_("Selection deleted"),
    "phrase_control": N_("Control character"),
}


def translated(texts: Callable[[str], str] | Mapping[str, str]) -> dict[str, str]:
    """Every text by its key: through a gettext function, or from a mapping by key where English stands for gaps."""
    if callable(texts):
        return {key: texts(message) for key, message in TEXTS.items()}
    return {**TEXTS, **texts}
