"""Where something stands in a document, in the form that AWS prints: `/States/Pay/Choices[0]/Next`.

Object members are joined with `/`, array indices stand in brackets; names are not escaped (AWS does not either). The
root is `/`. One form for problems, states, error locations and the selection on screen.
"""

from __future__ import annotations

from collections.abc import Iterable

ROOT = "/"


def join(*steps: str | int) -> str:
    """`join("States", "Pay", "Choices", 0, "Next")` → `/States/Pay/Choices[0]/Next`."""
    return under("", steps) or ROOT


def under(base: str, steps: Iterable[str | int]) -> str:
    """`base` continued by `steps`; an empty base or `/` is the root."""
    parts = ["" if base == ROOT else base]
    for step in steps:
        parts.append(f"[{step}]" if isinstance(step, int) else f"/{step}")
    return "".join(parts)
