"""Reference paths: the part of JSONPath that can name one node only (ASL, "Reference Paths").

`$`, then `.name`, `['name']` or `[0]`. The operators `@ , : ? *`, `..`, slices, filters and functions are refused, in
the words of Step Functions where they are known.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .java import unescape
from .problems import NotAReferencePath

NOT_A_REFERENCE_PATH = "Value is not a Reference Path"
_DOTTED = re.compile(r"\.([^.\[\]\s@,:?*()'\"]+)")
_QUOTED = re.compile(r"""\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]""", re.DOTALL)
_INDEX = re.compile(r"\[\s*(\d{1,9})\s*\]", re.ASCII)


@lru_cache(maxsize=4096)
def reference_steps(text: str) -> tuple[str | int, ...]:
    """The names and indices of a reference path: `$.a['b'][0]` gives `("a", "b", 0)`, `$` gives `()`.

    Raises NotAReferencePath.
    """
    if not text.startswith("$"):
        raise NotAReferencePath(f"{NOT_A_REFERENCE_PATH}: Reference path didn't start with '$'")
    steps: list[str | int] = []
    position = 1
    while position < len(text):
        if dotted := _DOTTED.match(text, position):
            steps.append(dotted.group(1))
        elif quoted := _QUOTED.match(text, position):
            steps.append(_name(quoted.group(1) if quoted.group(1) is not None else quoted.group(2)))
        elif index := _INDEX.match(text, position):
            steps.append(int(index.group(1)))
        elif text[position] == "[":
            raise NotAReferencePath(f"{NOT_A_REFERENCE_PATH}: '[' must be followed by ' or '['")
        else:
            raise NotAReferencePath(NOT_A_REFERENCE_PATH)
        position = (dotted or quoted or index).end()  # type: ignore[union-attr] # one of them matched
    return tuple(steps)


def _name(written: str) -> str:
    try:
        return unescape(written)
    except ValueError:
        raise NotAReferencePath(NOT_A_REFERENCE_PATH) from None
