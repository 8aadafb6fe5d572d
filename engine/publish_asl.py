"""The definition as the text that a deployment fills: holes in the place of a number or a flag stand without quotes.

CloudFormation, the CDK and Terraform replace `${…}` in the text. `"Seconds": "${Rest}"` would become the text "30", which no
Seconds may be, so the quotes that made it JSON for editors are taken away again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.substitutions import FLAGS, HOLE, NUMBERS
from engine.values import Json
from engine.writing import fresh

_BARE = re.compile(r'"\\u0000([^"\\]*)\\u0000"')


def deployed(document: Json, put: Callable[[str], str] | None = None) -> str:
    """The definition as text. With `put`, each hole is written as that gives it from its name."""

    def written(value: Json, name: str = "") -> Json:
        if isinstance(value, dict):
            return {key if put is None else holed(key): written(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [written(inner) for inner in value]
        if not isinstance(value, str):
            return value
        bare = name in NUMBERS | FLAGS and HOLE.fullmatch(value) is not None
        text = value if put is None else holed(value)
        return f"\0{text}\0" if bare else text

    def holed(text: str) -> str:
        return text if put is None else HOLE.sub(lambda match: put(match.group(1) or match.group(2)), text)

    return _BARE.sub(r"\1", fresh(written(document), "json"))


def has_bare(document: Json) -> bool:
    """Does a hole stand in the place of a number or a flag?"""
    if isinstance(document, dict):
        return any(
            has_bare(value)
            or (name in NUMBERS | FLAGS and isinstance(value, str) and HOLE.fullmatch(value) is not None)
            for name, value in document.items()
        )
    return any(map(has_bare, document)) if isinstance(document, list) else False
