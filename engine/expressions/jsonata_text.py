"""Reading the text of a JSONata expression as tokens: which names and operators stand in it, outside of strings.

No parser: the package behind `jsonata` parses. This answers what a parser's result does not say, such as whether `$$` or
an operator of a later version of the language is written anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      (?P<blank>\s+ | /\*.*?(?:\*/|\Z))
    | (?P<string>"(?:[^"\\]|\\.)*(?:"|\Z) | '(?:[^'\\]|\\.)*(?:'|\Z) | `[^`]*(?:`|\Z))
    | (?P<variable>\$\$ | \$\w*)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<operator>\?\? | \?: | := | != | >= | <= | \*\* | ~> | \.\. | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\]|\\.)*(?:/[im]*|\Z)", re.DOTALL)
_OPERANDS_END_WITH = {")", "]", "}"}
_WORD_OPERATORS = {"and", "or", "in"}


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of every token but blanks and comments: `string`, `variable`, `number`, `name`, `operator`, `regex`."""
    position = 0
    operand_before = False
    while position < len(text):
        if text[position] == "/" and not operand_before and not text.startswith("/*", position):
            found = _REGEX.match(text, position)
            kind = "regex"
        else:
            found = _TOKEN.match(text, position)
            kind = found.lastgroup or "" if found else ""
        assert found is not None, "the last alternative takes any character"
        position = found.end()
        token = found.group()
        if kind == "blank":
            continue
        operand_before = (
            token in _OPERANDS_END_WITH if kind == "operator" else not (kind == "name" and token in _WORD_OPERATORS)
        )
        yield kind, token


def dollars(text: str) -> set[str]:
    """Every `$name` that is written, without its dollar; `""` stands for `$`, `"$"` for `$$`."""
    return {token[1:] for kind, token in tokens(text) if kind == "variable"}


def later_operators(text: str) -> list[str]:
    """Operators that JSONata 2.0.6 does not have and later versions do: `??` and `?:`."""
    return sorted({token for kind, token in tokens(text) if kind == "operator" and token in ("??", "?:")})
