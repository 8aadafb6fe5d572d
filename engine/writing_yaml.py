"""A YAML text with other values in it: only the lines of what changed are written, comments and quotes stay."""

from __future__ import annotations

import json
import re

from engine.values import Json
from engine.yamltext import is_text

_PLAIN = re.compile(
    r"(?![-?:,\[\]{}#&*!|>'\"%@`\s=<])(?!---|\.\.\.)[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*(?<!\s)"
)
_UNSURE = frozenset(("yes", "no", "on", "off", "y", "n", "true", "false", "null", "~"))
_STAMP = re.compile(r"\d{4}-\d\d?-\d\d?|\d[\d_]*(:[0-5]?\d)+|0[xob].*|[-+]?[.\d].*", re.IGNORECASE)


def fresh(value: Json) -> str:
    """A value as YAML in block style, two blanks a level."""
    if isinstance(value, (dict, list)) and value:
        return "\n".join(block(value, "")) + "\n"
    return scalar(value) + "\n"


def block(value: Json, indent: str, unit: str = "  ", quote: str = '"') -> list[str]:
    """The lines of an object or array that is not empty."""
    lines: list[str] = []
    if isinstance(value, dict):
        for name, inner in value.items():
            lines += member(name, inner, indent, unit, quote)
    else:
        for inner in value:
            lines += entry(inner, indent, unit, quote)
    return lines


def member(name: str, value: Json, indent: str, unit: str, quote: str) -> list[str]:
    """The lines of one member."""
    key = scalar(name, quote)
    key = f"? {key}\n{indent}" if len(key) > 1000 else key
    if isinstance(value, (dict, list)) and value:
        return [f"{indent}{key}:", *block(value, indent + unit, unit, quote)]
    return [f"{indent}{key}: {scalar(value, quote)}"]


def entry(value: Json, indent: str, unit: str, quote: str) -> list[str]:
    """The lines of one entry of an array, from its dash on."""
    if isinstance(value, (dict, list)) and value:
        inner = indent + "  "
        lines = block(value, inner, unit, quote)
        return [f"{indent}- {lines[0][len(inner) :]}", *lines[1:]]
    return [f"{indent}- {scalar(value, quote)}"]


def scalar(value: Json, quote: str = '"') -> str:
    """A plain value, or an empty object or array. Texts that YAML would take for something else are quoted."""
    if not isinstance(value, str):
        return json.dumps(value)
    if is_plain(value):
        return value
    if quote == "'" and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]", value):
        return "'" + value.replace("'", "''") + "'"
    return quoted(value)


def quoted(value: str) -> str:
    """A text in double quotes; what YAML cannot show is escaped."""
    written = json.dumps(value, ensure_ascii=False)
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", written
    )


def is_plain(value: str) -> bool:
    """Can a text stand without quotes, for readers of YAML 1.1 as well?"""
    return (
        bool(value)
        and _PLAIN.fullmatch(value) is not None
        and ": " not in value
        and " #" not in value
        and not value.endswith(":")
        and value.lower() not in _UNSURE
        and not _STAMP.fullmatch(value)
        and is_text(value)
    )
