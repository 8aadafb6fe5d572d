"""Places in a document, and values put there or taken away without changing what was: the ground of every edit.

A pointer is not escaped, so `/States/a/b` may be a state `a/b` or a member of the state `a`. Places are therefore found by
walking the document: what exists wins, and only what is to be made anew is read by the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.outline import Block, blocks, machine_language, too_deep
from engine.pointer import ROOT, under
from engine.values import Json

Steps = tuple[str | int, ...]
_STEP = re.compile(r"/([^/\[]*)|\[(\d+)\]")
START, END = "(start)", "(end)"
"""The pseudo-nodes of the root, as the graph names them."""


class NotPossible(ValueError):
    """Why an edit cannot be made: `text` is a sentence with `{names}` for translation, `values` what they stand for."""

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(text.format(**values))
        self.text = text
        self.values = values


@dataclass(frozen=True, slots=True)
class Edited:
    """A document after an edit. `selected` are the ids of the nodes to select then."""

    document: Json
    selected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """A state of a document, whatever it looks like: its name, its place and the block around it."""

    name: str
    at: str
    block: Block
    source: Json


def homes(document: Json) -> dict[str, Home]:
    """Every state by the id of its node; what is not an object is there too."""
    found: dict[str, Home] = {}
    for block in blocks(document):
        for name, source in block.states.items():
            at = under(block.at, ("States", name))
            found[at] = Home(name, at, block, source)
    return found


def home_of(document: Json, node: str) -> Home:
    """The state behind a node id.

    Raises:
        NotPossible: there is none.
    """
    home = homes(document).get(node)
    if home is None:
        raise NotPossible("There is no state “{name}”.", name=node.rpartition("/")[2] or node)
    return home


def block_at(document: Json, at: str) -> Block | None:
    """The block (machine, branch or processor) at a pointer, None when there is none."""
    wanted = "" if at == ROOT else at
    return next((block for block in blocks(document) if block.at == wanted), None)


def steps_of(block: Block) -> Steps:
    """The steps from the document to a block."""
    owner = block.owner
    if owner is None:
        return ()
    return (*steps_to(owner.block, owner.name), *_plain(block.at.removeprefix(owner.at)))


def steps_to(block: Block, name: str) -> Steps:
    """The steps from the document to a state of a block."""
    return (*steps_of(block), "States", name)


def language_of(document: Json, state: Json) -> str:
    """The query language that a state speaks."""
    own = state.get("QueryLanguage") if isinstance(state, dict) else None
    if own in ("JSONPath", "JSONata"):
        return str(own)
    return machine_language(document) if isinstance(document, dict) else "JSONPath"


def locate(document: Json, at: str) -> tuple[Steps, int]:
    """A pointer as steps, and how many of them lead to something that exists."""
    if too_deep(document):
        raise NotPossible("Objects and arrays are nested too deep here.")
    rest = "" if at == ROOT else at
    best: tuple[Steps, str] = ((), rest)
    for steps, left in _walk(document, rest, ()):
        if not left:
            return steps, len(steps)
        if len(left) < len(best[1]):
            best = steps, left
    known, left = best
    return (*known, *_plain(left)), len(known)


def _walk(value: Json, rest: str, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """Every reading of a pointer as far as it exists, the longest names first."""
    yield steps, rest
    if isinstance(value, dict) and rest.startswith("/"):
        fitting = [
            name
            for name in value
            if isinstance(name, str)
            and rest.startswith(name, 1)
            and (len(rest) == len(name) + 1 or rest[len(name) + 1] in "/[")
        ]
        for name in sorted(fitting, key=len, reverse=True):
            yield from _walk(value[name], rest[len(name) + 1 :], (*steps, name))
    elif isinstance(value, list) and (match := re.match(r"\[(\d{1,9})\]", rest)) and int(match[1]) < len(value):
        yield from _walk(value[int(match[1])], rest[match.end() :], (*steps, int(match[1])))


def _plain(rest: str) -> Steps:
    return tuple(int(match[2]) if match[2] else match[1] for match in _STEP.finditer(rest))


def value_at(document: Json, steps: Steps) -> Json:
    """What stands at some steps that exist."""
    for step in steps:
        document = document[step]
    return document


def with_value(document: Json, steps: Steps, value: Json) -> Json:
    """The document with another value at a place; objects that are missing on the way are made.

    Everything beside the way is shared. An index one behind the last appends.

    Raises:
        NotPossible: the way goes through something that holds no such member.
    """
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if not isinstance(document, list):
            if document is None and step == 0:
                return [with_value(None, rest, value)]
            raise NotPossible("What “{name}” should stand in is no array.", name=f"[{step}]")
        if step > len(document):
            raise NotPossible("There is no entry [{index}] yet.", index=step - 1)
        inner = with_value(document[step] if step < len(document) else None, rest, value)
        if step < len(document) and inner is document[step]:
            return document
        return [*document[:step], inner, *document[step + 1 :]]
    if document is not None and not isinstance(document, dict):
        raise NotPossible("What “{name}” should stand in is no object.", name=step)
    found: dict[str, Json] = document or {}
    inner = with_value(found.get(step), rest, value)
    if step in found and inner is found[step]:
        return document
    return {**found, step: inner}


def without(document: Json, steps: Steps) -> Json:
    """The document without a member or entry; as it was when there is none."""
    if not steps:
        return document
    step = steps[0]
    if isinstance(document, dict) and step in document:
        if len(steps) == 1:
            return {name: value for name, value in document.items() if name != step}
    elif not (isinstance(document, list) and isinstance(step, int) and step < len(document)):
        return document
    elif len(steps) == 1:
        return [*document[:step], *document[step + 1 :]]
    inner = without(document[step], steps[1:])
    return document if inner is document[step] else with_value(document, (step,), inner)


def shared(before: Json, after: Json) -> Json:
    """`after` with every part that is as before taken from there, so that "did it change?" is `is`."""
    if after is before:
        return before
    if isinstance(before, dict) and isinstance(after, dict):
        found = {name: shared(before[name], value) if name in before else value for name, value in after.items()}
        alike = list(found) == list(before) and all(found[name] is value for name, value in before.items())
        return before if alike else found
    if isinstance(before, list) and isinstance(after, list):
        entries = [shared(before[i], value) if i < len(before) else value for i, value in enumerate(after)]
        alike = len(entries) == len(before) and all(new is old for new, old in zip(entries, before, strict=True))
        return before if alike else entries
    return before if type(before) is type(after) and before == after else after
