"""Regular expressions of filters (`=~ /…/i`), written for Java and run by the package `regex`, which knows a time limit."""

from __future__ import annotations

from typing import Any

import regex

SECONDS_PER_MATCH = 0.5
"""A regular expression that takes longer is given up: it would hang the whole run."""

_PATTERN_FLAGS = {"i": regex.IGNORECASE, "x": regex.VERBOSE, "m": regex.MULTILINE, "s": regex.DOTALL}


def compile_pattern(body: str, flags: str) -> Any:
    """A pattern in Java's notation. Java's `\\d`, `\\w` and case mean ASCII unless `u` or `U` is given."""
    options = regex.VERSION1 if "&&" in body or "[[" in body else regex.VERSION0
    if not set("uU") & set(flags):
        options |= regex.ASCII
    for flag in flags:
        options |= _PATTERN_FLAGS.get(flag, 0)
    return regex.compile(_python_notation(body), options)


_BRACE = regex.compile(r"\\(?:[pPxN]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|(?P<stray>\{)", regex.DOTALL)


def _python_notation(body: str) -> str:
    quoted = regex.sub(r"\\Q(.*?)(?:\\E|$)", lambda found: regex.escape(found.group(1)), body, flags=regex.DOTALL)
    if any(found.group("stray") for found in _BRACE.finditer(quoted)):
        raise ValueError("Illegal repetition")
    return str(quoted).replace(r"\z", r"\Z")


def is_pattern(value: Any) -> bool:
    return isinstance(value, regex.Pattern)
