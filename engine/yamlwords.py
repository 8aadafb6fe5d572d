"""Values as YAML text: which texts need quotes, blocks, lists and brackets.

What is written is read alike by readers of YAML 1.1 and 1.2: whatever one of them would take for a number, a flag, a date or
null is quoted.
"""

from __future__ import annotations

import json
import re

from engine.values import Json
from engine.yamltext import is_text

_PLAIN = re.compile(
    r"(?![-?:,\[\]{}#&*!|>'\"%@`\s=<])(?!---|\.\.\.)[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*(?<!\s)"
)
_BAD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_UNSURE = frozenset(("yes", "no", "on", "off", "y", "n", "true", "false", "null", "~"))
_STAMP = re.compile(r"\d{4}-\d\d?-\d\d?|\d[\d_]*(:[0-5]?\d)+|0[xob].*|[-+]?[.\d].*", re.IGNORECASE)


def fresh(value: Json) -> str:
    """A value as YAML in block style, two blanks a level."""
    if isinstance(value, (dict, list)) and value:
        return "\n".join(block(value, "", "  ", "  ", '"')) + "\n"
    return scalar(value, '"') + "\n"


def block(value: Json, indent: str, unit: str, dash: str, quote: str) -> list[str]:
    """The lines of an object or array that is not empty. `dash` is what lists are indented by under their name."""
    lines: list[str] = []
    if isinstance(value, dict):
        for name, inner in value.items():
            lines += member(name, inner, indent, unit, dash, quote)
    else:
        for inner in value:
            lines += entry(inner, indent, unit, dash, quote)
    return lines


def member(name: str, value: Json, indent: str, unit: str, dash: str, quote: str) -> list[str]:
    """The lines of one member."""
    key = scalar(name, quote)
    if isinstance(value, (dict, list)) and value:
        inner = indent + (unit if isinstance(value, dict) else dash)
        return [f"{indent}{key}:", *block(value, inner, unit, dash, quote)]
    lines = literal(value, indent + unit) if isinstance(value, str) and "\n" in value else []
    if lines:
        return [f"{indent}{key}: {lines[0]}", *lines[1:]]
    return [f"{indent}{key}: {scalar(value, quote)}"]


def entry(value: Json, indent: str, unit: str, dash: str, quote: str) -> list[str]:
    """The lines of one entry of an array, from its dash on."""
    if isinstance(value, (dict, list)) and value:
        inner = indent + "  "
        lines = block(value, inner, unit, dash, quote)
        return [f"{indent}- {lines[0][len(inner) :]}", *lines[1:]]
    return [f"{indent}- {scalar(value, quote)}"]


def flow(value: Json, quote: str) -> str:
    """A value in brackets on one line."""
    if isinstance(value, dict) and value:
        return "{" + ", ".join(f"{flow(name, quote)}: {flow(inner, quote)}" for name, inner in value.items()) + "}"
    if isinstance(value, list) and value:
        return "[" + ", ".join(flow(inner, quote) for inner in value) + "]"
    if isinstance(value, str) and re.search(r"[,\[\]{}:?]", value):
        return quoted(value)
    return scalar(value, quote)


def literal(value: str, indent: str) -> list[str]:
    """A text as a `|` block, the line with the bar first; nothing when it cannot be one."""
    if not value.strip() or value[0] in " \n\t" or _BAD.search(value) or re.search(r"[ \t](?:\n|\Z)", value):
        return []
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    bar = "|-" if ends == 0 else "|" if ends == 1 else "|+"
    lines = [indent + line if line else "" for line in body.split("\n")]
    return [bar, *lines, *[""] * (ends - 1)]


def scalar(value: Json, quote: str) -> str:
    """A plain value, or an empty object or array. Texts that YAML would take for something else are quoted."""
    if not isinstance(value, str):
        return json.dumps(value)
    if is_plain(value):
        return value
    return single(value) if quote == "'" else quoted(value)


def single(value: str) -> str:
    """A text in single quotes; in double ones when it has to be escaped."""
    if _BAD.search(value) or "\n" in value or "\t" in value:
        return quoted(value)
    return "'" + value.replace("'", "''") + "'"


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
        and len(value) < 500
        and _PLAIN.fullmatch(value) is not None
        and ": " not in value
        and " #" not in value
        and not value.endswith(":")
        and value.lower() not in _UNSURE
        and not _STAMP.fullmatch(value)
        and is_text(value)
    )
