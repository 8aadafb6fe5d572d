"""Document → text: an edited definition written back with as few lines changed as can be.

The text is what people keep, with their line ends, indentation, comments and placeholders. So an edit is written into it
where it belongs (`writing_json`, `writing_yaml`), and what comes out is read again before it is handed out: a text that does
not hold exactly the edited document is not accepted, and a coarser way is taken until one does (the changed states anew,
then everything).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from orjson import dumps

from engine import jsontext, source, writing_json
from engine.edit_places import shared
from engine.outline import too_deep
from engine.source import Document, load
from engine.values import Json, same

BOM = "\ufeff"
_CONSOLE = writing_json.Style('{\n  "a": {\n    "b": [\n      "c"\n    ]\n  }\n}')
"""As the console lays a definition out."""


NO_WAY_BACK = "The template puts this definition together from parts; save it as a file of its own to change it."

TOO_DEEP = "Objects and arrays are nested too deep here."


class CannotWrite(ValueError):
    """Why a definition cannot be written back: `text` is a sentence, one of the two above."""

    @property
    def text(self) -> str:
        return str(self.args[0])


def written(text: str, after: Json, *, path: str | None = None, machine: str | None = None) -> str:
    """The text with as few lines changed as possible so that `source.load` reads `after` from it.

    JSON keeps its layout and bare `${…}`, YAML its comments, quotes and anchors, a template all that is around the
    definition. A text that cannot be read is written anew. `path` and `machine` are those of `source.load`.

    Raises:
        CannotWrite: the definition stands inside a template in a form that is put together at deployment, or values
            are nested deeper than anything here goes down.
    """
    head = BOM if text.startswith(BOM) else ""
    body = text[len(head) :]
    document = load(body, path=path, machine=machine)
    if too_deep(document.value) or too_deep(after):
        raise CannotWrite(TOO_DEEP)
    after = shared(document.value, after)
    if document.value is not None and same(document.value, after):
        return text
    for attempt in _attempts(body, document, after):
        if _holds(load(attempt, path=path, machine=machine).value, after):
            return head + attempt
    if document.kind not in ("json", "yaml"):
        raise CannotWrite(NO_WAY_BACK)
    return head + fresh(after, "json" if document.kind == "json" else "yaml")


def _holds(found: Json, wanted: Json) -> bool:
    """`same`, and quick when both are written alike, as they mostly are."""
    try:
        return dumps(found) == dumps(wanted) or same(found, wanted)
    except TypeError:  # integers beyond 64 bits, unpaired surrogates
        return same(found, wanted)


def _attempts(text: str, document: Document, after: Json) -> Iterator[str]:
    """Ways to write a document, from the finest to the coarsest."""
    if document.value is None:
        return
    if document.kind not in ("json", "yaml"):
        from engine import writing_templates

        yield from writing_templates.attempts(text, document, after, written)
    elif document.kind == "json":
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

    A definition that is part of a template is found there; one that is a text inside another is not.
    """
    return _places(text, path)[0]


def names(text: str, path: str | None = None) -> Mapping[str, tuple[int, int]]:
    """From where to where the name of each member stands (quotes included), by the pointer of its value."""
    return _places(text, path)[1]


Span = tuple[int, int]


def _places(text: str, path: str | None) -> tuple[dict[str, Span], dict[str, Span]]:
    shift = len(BOM) if text.startswith(BOM) else 0
    text = text[shift:]
    document = load(text, path=path)
    values, named = _everything(text, document.kind)
    at = _body_of(text, document) if document.kind not in ("json", "yaml") else ""
    if at is None:
        return {}, {}
    return _below(values, at, shift), _below(named, at, shift)


def _everything(text: str, kind: str) -> tuple[dict[str, Span], dict[str, Span]]:
    """Every value and name of a text, whatever it is."""
    if kind == "terraform":
        return {}, {}
    if kind != "yaml":
        try:
            read = jsontext.places(text, holes=True)
        except jsontext.Broken:
            if kind == "json":
                return {}, {}
        else:
            return (
                {at: (start, read.ends[at]) for at, start in read.values.items()},
                {at: (start, read.name_ends[at]) for at, start in read.names.items()},
            )
    from engine import writing_yaml, yamltext

    try:
        return writing_yaml.places(text)
    except yamltext.BadYaml:
        return {}, {}


def _body_of(text: str, document: Document) -> str | None:
    """The pointer of a definition that is an object of its template."""
    from engine import cloudformation, writing_templates

    found = (one for one in cloudformation.machines(writing_templates.template(text)) if one.name == document.name)
    chosen = next(found, None)
    return chosen.at if chosen is not None and isinstance(chosen.body, dict) else None


def _below(places: Mapping[str, Span], at: str, shift: int) -> dict[str, Span]:
    """The places under a pointer, by their pointers from there on."""
    return {
        place[len(at) :] or "/": (start + shift, end + shift)
        for place, (start, end) in places.items()
        if not at or place == at or place.startswith((f"{at}/", f"{at}["))
    }
