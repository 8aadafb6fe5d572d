"""What tools built on jsonpath-ng would answer to a path: emulators of AWS that are written in Python, for the most part.

AWS evaluates with Jayway JsonPath, and so do we. The two part where a path uses functions, some operators of filters, or
names that are not ASCII. Whether they part on a given document is simply tried; for a path without a document, on two
small documents made of the names and constants that the path itself mentions.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from engine.expressions.jsonpath import InvalidPath, PathFailed, PathNotFound, compile_path
from engine.values import Json, same, text

_NAMES = re.compile(r"(?:\.|\[['\"])([^\W\d][\w-]*)(?!\w*\()")
_TEXTS = re.compile(r"'([^']*)'")
_NUMBERS = re.compile(r"(?<![\w.'\]])-?\d+(?:\.\d+)?\b")
_MOST = 6


class OtherRefusal(Exception):
    """jsonpath-ng cannot read or apply a path."""


def other_answer(path: str, value: Json) -> list[Json]:
    """The values that jsonpath-ng finds.

    Raises:
        OtherRefusal: it cannot read the path, or fails on the value.
    """
    from jsonpath_ng.ext.parser import parse  # here, because it is asked about few paths

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [match.value for match in parse(path).find(value)]
    except Exception as refused:  # another program's parser: whatever it raises is its answer
        raise OtherRefusal(str(refused).splitlines()[0] if str(refused) else type(refused).__name__) from None


def own_answer(path: str, value: Json) -> list[Json]:
    """The values that we find, as a list too: none where AWS reports that nothing was found."""
    try:
        compiled = compile_path(path, lenient=True)
        found = compiled.read(value)
    except (PathNotFound, PathFailed):
        return []
    return found if not compiled.definite and isinstance(found, list) else [found]


def difference(path: str, value: Json) -> str | None:
    """How the two part on a value, in half a sentence; None when they agree.

    Raises:
        InvalidPath: the path is none for us either.
    """
    ours = own_answer(path, value)
    try:
        theirs = other_answer(path, value)
    except OtherRefusal:
        return "refuse it"
    if same(ours, theirs):
        return None
    return f"find {_short(theirs)} in {_short(value)}, where AWS finds {_short(ours)}"


def likely_difference(path: str) -> str | None:
    """How the two part on a document that suits the path; None when they agree on all that were tried."""
    try:
        return next((found for value in witnesses(path) if (found := difference(path, value))), None)
    except InvalidPath:
        return None


def witnesses(path: str) -> Iterator[Json]:
    """Small documents in which a path finds something: its names over and over, with its constants as leaves."""
    names = list(dict.fromkeys(_NAMES.findall(path)))[:_MOST]
    constants: list[Any] = [*_TEXTS.findall(path), *(float(number) for number in _NUMBERS.findall(path))]
    leaves = cycle([*constants[:_MOST], 1, "x", None, True])
    yield _made(names, 3, leaves, listed=True)
    yield _made(names, 3, leaves, listed=False)


def _made(names: list[str], depth: int, leaves: Iterator[Any], listed: bool) -> Json:
    if depth == 0 or not names:
        return next(leaves)
    first, *rest = names
    value: Json = {first: _made([*rest, first], depth - 1, leaves, listed)}
    value |= {name: next(leaves) for name in rest}
    return [value, {name: next(leaves) for name in names}, {}] if listed and depth < 3 else value


def _short(value: Json) -> str:
    shown = text(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
