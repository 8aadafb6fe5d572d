"""YAML text → JSON value with places. CloudFormation's short tags become their long forms: `!Ref X` → `{"Ref": "X"}`.

The nodes are composed by ruamel.yaml and turned into values here, so that each value keeps its place, dates stay texts (a
Timestamp is one), and anchors cannot grow into more than a workflow may be. ruamel.yaml is loaded when the first YAML
text is met, because most runs meet none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.values import Json

MOST_NODES = 200_000
DEEPEST = 200
LONGEST_REMEMBERED = 300_000
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)")


class BadYaml(Exception):
    """A text that is no YAML, or more of it than is read. `line` and `column` from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(slots=True)
class Tree:
    """A value with the place of each part, by pointer. A member's place is that of its name."""

    value: Json = None
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    blocks: dict[str, int] = field(default_factory=dict)
    """For texts written as `|` blocks: the line on which they begin."""
    twice: list[tuple[str, int, int]] = field(default_factory=list)
    tagged: bool = False
    nodes: int = 0


def read(text: str) -> Tree:
    """Read one YAML document.

    Raises:
        BadYaml: with one sentence and its place.
    """
    node = composed(text)
    tree = Tree()
    if node is not None:
        tree.value = _value(node, "", tree, 0, frozenset())
    return tree


def composed(text: str) -> Any:
    """The node of the one document of a text, None for an empty text. Nodes are shared: nobody may change them.

    Composing takes most of the time of reading, and a text that was written is read again at once; so the last few are
    remembered.

    Raises:
        BadYaml: with one sentence and its place.
    """
    return _composed(text) if len(text) <= LONGEST_REMEMBERED else _compose(text)


def _compose(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    try:
        return yaml.compose(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        told = _told(str(wrong.problem or wrong.context or "this is no YAML"), text, line, column)
        raise BadYaml(told, line, column) from None
    except RecursionError:
        raise BadYaml("brackets are nested too deep", 1, 1) from None
    except YAMLError as wrong:
        position = getattr(wrong, "position", None)
        before = text[:position] if isinstance(position, int) else ""
        line = before.count("\n") + 1
        character = getattr(wrong, "character", "")
        named = f"character {character} is not allowed here" if character != "" else "this is no YAML"
        raise BadYaml(named, line, len(before) - before.rfind("\n")) from None


_composed = lru_cache(maxsize=8)(_compose)


def is_text(plain: str) -> bool:
    """Is a plain scalar a text, and no number, flag or null?"""
    return plain not in _NULL | _TRUE | _FALSE and not _INTEGER.fullmatch(plain) and not _FLOAT.fullmatch(plain)


def _told(problem: str, text: str, line: int, column: int) -> str:
    if "\\t" in problem or "'\\t'" in problem:
        return "a tab stands where YAML wants spaces; indent with spaces"
    if "mapping values are not allowed" in problem:
        return "a colon stands where no name can be; quote the text or check the indentation"
    if "could not find expected ':'" in problem:
        return "a colon is missing after a name"
    if "end of stream" in problem or "<stream end>" in problem:
        return f"the text ends too early ({problem})"
    if "did not find expected" in problem or "expected <block end>" in problem or "but found" in problem:
        return f"the indentation or a bracket does not fit here ({problem})"
    return problem


def _value(node: Any, at: str, tree: Tree, depth: int, above: frozenset[int]) -> Json:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    tree.nodes += 1
    tree.places.setdefault(at or "/", (line, column))
    if tree.nodes > MOST_NODES:
        raise BadYaml("the text stands for more values than a definition may hold; do not repeat anchors", line, column)
    if depth > DEEPEST:
        raise BadYaml(f"values are nested more than {DEEPEST} deep", line, column)
    if id(node) in above:
        raise BadYaml("an anchor contains itself", line, column)
    tag = str(node.tag or "")
    if node.id == "scalar":
        value = _scalar(node, tag)
        if getattr(node, "style", None) in ("|", ">"):
            tree.blocks[at or "/"] = line + 1
    else:
        inner = above | {id(node)}
        if node.id == "sequence":
            value = [_value(entry, f"{at}[{index}]", tree, depth + 1, inner) for index, entry in enumerate(node.value)]
        else:
            value = _mapping(node, at, tree, depth, inner)
    if tag.startswith("!") and not tag.startswith("!!") and tag != "!":
        tree.tagged = True
        name = tag[1:]
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}
    return value


def _mapping(node: Any, at: str, tree: Tree, depth: int, above: frozenset[int]) -> dict[str, Json]:
    value: dict[str, Json] = {}
    merged: list[dict[str, Json]] = []
    for key, entry in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if key.id != "scalar":
            raise BadYaml("a name must be a text, not a list or an object", line, column)
        name = str(key.value)
        if name == "<<" and key.style is None:
            found = _value(entry, at, tree, depth + 1, above)
            merged.extend(part for part in (found if isinstance(found, list) else [found]) if isinstance(part, dict))
            continue
        place = f"{at}/{name}"
        if name in value:
            tree.twice.append((place, line, column))
        tree.places[place] = (line, column)
        value[name] = _value(entry, place, tree, depth + 1, above)
    for part in merged:
        value = {**part, **value}
    return value


def _scalar(node: Any, tag: str) -> Json:
    """Plain scalars by YAML's core schema; quoted ones and blocks are texts."""
    text = str(node.value)
    if node.style is not None:
        return text
    if tag.startswith("!"):
        return "" if text in _NULL else plain(text) if text in _TRUE | _FALSE else text
    return plain(text)


def plain(text: str) -> Json:
    """The value of a plain scalar by YAML's core schema."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if _INTEGER.fullmatch(text) and len(text) < 1000:
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if number - number == 0 else text
    return text
