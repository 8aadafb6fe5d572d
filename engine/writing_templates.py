"""A definition written back into the template that holds it: SAM, CloudFormation, Serverless Framework, Terraform.

Only the definition's own part changes. A definition that is a text inside the template (`DefinitionString`, `Fn::Sub`, a
heredoc) is edited as that text; one that is part of the template keeps its `!Ref` and `!GetAtt` wherever their values did
not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine import cloudformation, terraform, writing_json, writing_yaml, yamltext
from engine.edit_places import Steps, locate, value_at, with_value
from engine.source import Document, load_strictly
from engine.values import Json, same
from engine.writing_json import aligned

Writer = Callable[[str, Json], str]
"""From the text of a definition and the definition after to its new text."""


def attempts(text: str, document: Document, after: Json, write: Writer) -> Iterator[str]:
    """Texts of the whole template that should hold the definition; none when there is no way."""
    if document.kind == "terraform":
        yield from _terraform(text, document, after, write)
        return
    raw = template(text)
    found = list(cloudformation.machines(raw))
    chosen = next((one for one in found if one.name == document.name), None)
    if chosen is None or chosen.elsewhere:
        return
    steps, _ = locate(raw, chosen.at)
    goal = _body(value_at(raw, steps), after, write)
    if goal is None:
        return
    wanted = with_value(raw, (*steps, *goal[0]), goal[1])
    if text.lstrip()[:1] == "{":
        yield writing_json.spliced(text, text, raw, wanted, writing_json.Style(text))
    else:
        yield from writing_yaml.attempts(text, raw, wanted)


def template(text: str) -> Json:
    """The value of a template's text, its short tags as functions; None for Terraform and what cannot be read."""
    try:
        return load_strictly(text)
    except (ValueError, RecursionError):
        try:
            return yamltext.read(text).value
        except yamltext.BadYaml:
            return None


def _terraform(text: str, document: Document, after: Json, write: Writer) -> Iterator[str]:
    for found in terraform.machines(text):
        if found.name == document.name and found.text is not None and text.count(found.text) == 1:
            yield text.replace(found.text, write(found.text, after))


def _body(raw: Json, after: Json, write: Writer) -> tuple[Steps, Json] | None:
    """Where in the body of a machine something else has to stand, and what; None for a form that cannot be written."""
    if isinstance(raw, str):
        return (), write(raw, after)
    if isinstance(raw, dict) and len(raw) == 1 and "Fn::Sub" in raw:
        given = raw["Fn::Sub"]
        if isinstance(given, str) and "${!" not in given:
            return ("Fn::Sub",), write(given, after)
        if isinstance(given, list) and given and isinstance(given[0], str) and "${!" not in given[0]:
            return ("Fn::Sub", 0), write(given[0], after)
        return None
    if isinstance(raw, dict) and "Fn::Join" not in raw:
        return (), _raised(raw, cloudformation.flat(raw), after)
    return None


def _raised(raw: Json, flat: Json, after: Json) -> Json:
    """The definition after, with the template's functions where what they stand for did not change."""
    if same(flat, after):
        return raw
    if isinstance(raw, dict) and isinstance(flat, dict) and isinstance(after, dict):
        found: dict[str, Json] = {}
        for name, value in after.items():
            old = name if name in flat else _former(flat, after, value)
            found[name] = value if old is None else _raised(raw[old], flat[old], value)
        return found
    if isinstance(raw, list) and isinstance(flat, list) and isinstance(after, list):
        origin = {new: old for old, new in aligned(flat, after)}
        return [
            _raised(raw[origin[index]], flat[origin[index]], value) if index in origin else value
            for index, value in enumerate(after)
        ]
    return after


def _former(flat: dict[str, Json], after: dict[str, Json], value: Json) -> str | None:
    """The name that a renamed member had: the same value stood under it, and it is gone."""
    if not isinstance(value, (dict, list)):
        return None
    return next((name for name, old in flat.items() if name not in after and same(old, value)), None)
