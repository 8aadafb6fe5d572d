"""Document → text: an edited definition written back with as few lines changed as can be.

The text is what people keep, with their line ends, indentation, comments and placeholders. So an edit is written into it
where it belongs (`writing_json`, `writing_yaml`), and what comes out is read again before it is handed out: a text that does
not hold exactly the edited document is not accepted, and a coarser way is taken until one does (the changed states anew,
then everything).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from engine import jsontext, source, writing_json
from engine.source import Document, load
from engine.values import Json, same

BOM = "\ufeff"
_CONSOLE = writing_json.Style('{\n  "a": {\n    "b": [\n      "c"\n    ]\n  }\n}')
"""As the console lays a definition out."""


class CannotWrite(ValueError):
    """The definition is part of another file in a form that cannot be written back; the sentence says which."""


def written(text: str, after: Json, *, path: str | None = None) -> str:
    """The text with as few lines changed as possible so that `source.load` reads `after` from it.

    JSON keeps its layout and bare `${…}`, YAML its comments, quotes and anchors. A text that cannot be read is written
    anew. `path` is looked at for its ending, as `source.load` does.

    Raises:
        CannotWrite: the definition stands inside a template.
    """
    head = BOM if text.startswith(BOM) else ""
    body = text[len(head) :]
    document = load(body, path=path)
    if document.kind not in ("json", "yaml"):
        raise CannotWrite("The definition is part of a template; save it as a file of its own to change it.")
    if document.value is not None and same(document.value, after):
        return text
    for attempt in _attempts(body, document, after):
        if same(load(attempt, path=path).value, after):
            return head + attempt
    return head + fresh(after, "json" if document.kind == "json" else "yaml")


def _attempts(text: str, document: Document, after: Json) -> Iterator[str]:
    """Ways to write a document, from the finest to the coarsest."""
    if document.value is None:
        return
    if document.kind == "json":
        masked = text
        before = document.value
        try:
            source.load_strictly(text)
        except (ValueError, RecursionError):
            masked = writing_json.masked(text, jsontext.places(text, holes=True).holes)
        style = writing_json.Style(text)
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        if style.unit or not _says_nothing(before):
            yield writing_json.spliced(text, masked, before, after, style)
        else:
            style = writing_json.Style(_CONSOLE.text.replace("\n", style.newline))
        yield text[:start] + writing_json.dumped(after, style, "") + (text[end:] or style.newline)
    else:
        from engine import writing_yaml

        yield from writing_yaml.attempts(text, document.value, after)


def _says_nothing(document: Json) -> bool:
    """Does an empty workflow on one line say nothing about how its states should be laid out?"""
    return isinstance(document, dict) and not any(isinstance(one, (dict, list)) and one for one in document.values())


def fresh(value: Json, kind: Literal["json", "yaml"] = "json") -> str:
    """A new text: JSON as the console writes it (two blanks a level), or YAML in block style."""
    if kind == "yaml":
        from engine import yamlwords

        return yamlwords.fresh(value)
    return writing_json.dumped(value, _CONSOLE, "") + "\n"


def spans(text: str, path: str | None = None) -> Mapping[str, tuple[int, int]]:
    """From where to where each value stands, by pointer. Empty for a text that cannot be read.

    What stands in the text of a template is found as long as it is JSON or YAML by itself.
    """
    return _places(text, path)[0]


def names(text: str, path: str | None = None) -> Mapping[str, tuple[int, int]]:
    """From where to where the name of each member stands (quotes included), by the pointer of its value."""
    return _places(text, path)[1]


def _places(text: str, path: str | None) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    shift = len(BOM) if text.startswith(BOM) else 0
    text = text[shift:]
    kind = load(text, path=path).kind
    if kind == "json":
        try:
            read = jsontext.places(text, holes=True)
        except jsontext.Broken:
            return {}, {}
        return (
            {at: (start + shift, read.ends[at] + shift) for at, start in read.values.items()},
            {at: (start + shift, read.name_ends[at] + shift) for at, start in read.names.items()},
        )
    if kind == "yaml":
        from engine import writing_yaml, yamltext

        try:
            values, named = writing_yaml.places(text)
        except yamltext.BadYaml:
            return {}, {}
        return (
            {at: (start + shift, end + shift) for at, (start, end) in values.items()},
            {at: (start + shift, end + shift) for at, (start, end) in named.items()},
        )
    return {}, {}
