"""Names that people wrote as names of the languages that templates are written in."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable

from engine.values import Json, text

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def words(name: str) -> list[str]:
    """The words of a name: `payFunctionArn` → pay, Function, Arn."""
    return _WORDS.findall(name) or ["workflow"]


def pascal(name: str) -> str:
    """`pay-function` → `PayFunction`; never begins with a digit."""
    joined = "".join(word[:1].upper() + word[1:] for word in words(name))
    return f"N{joined}" if joined[0].isdigit() else joined


def camel(name: str) -> str:
    """`PayFunction` → `payFunction`."""
    first, *others = words(name)
    joined = first.lower() + "".join(word[:1].upper() + word[1:] for word in others)
    return f"n{joined}" if joined[0].isdigit() else joined


def snake(name: str) -> str:
    """`PayFunction` → `pay_function`; no word of Python."""
    joined = "_".join(word.lower() for word in words(name))
    joined = f"n_{joined}" if joined[0].isdigit() else joined
    return f"{joined}_" if keyword.iskeyword(joined) else joined


def file_name(name: str, between: str = "-") -> str:
    """`Pay for bread` → `pay-for-bread`."""
    return between.join(word.lower() for word in words(name))


def default_of(known: Json) -> str | None:
    """What the opened text puts in for a hole, where that is a value by itself and nothing of its own template."""
    if known is None or isinstance(known, (dict, list)) or "${" in text(known):
        return None
    return known if isinstance(known, str) else text(known)


def unique(names: Iterable[str], style: Callable[[str], str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Each name in a style, with a number behind it where two would be the same."""
    found: dict[str, str] = {}
    used = set(taken)
    for name in names:
        first = styled = style(name)
        number = 2
        while styled in used:
            styled, number = f"{first}{number}", number + 1
        used.add(styled)
        found[name] = styled
    return found
