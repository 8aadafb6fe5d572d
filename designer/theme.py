"""Colours, icons and shapes: the same status looks the same on every page, and never by colour alone.

The palette keeps the hue names of the AWS console and was measured for colour blindness (worst pair ΔE 19.8 over
protan, deutan and tritan) and for contrast on both backgrounds (at least 3 : 1). Fills and borders, not body text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is drawn: `badge` is Streamlit's name of the colour, `hatch` the pattern of a bar in a plot."""

    label: str
    """An English msgid."""
    icon: str
    mark: str
    badge: Literal["blue", "green", "red", "orange", "violet", "gray"]
    light: str
    dark: str
    hatch: str

    def colour(self, mode: Mode) -> str:
        return self.dark if mode == "dark" else self.light


def N_(message: str) -> str:
    """Marks a text for the catalogues; it is translated where it is shown."""
    return message


STATUS: dict[str, Look] = {
    "SUCCEEDED": Look(N_("Succeeded"), ":material/check_circle:", "✓", "green", "#00a787", "#19b595", ""),
    "FAILED": Look(N_("Failed"), ":material/cancel:", "✕", "red", "#a63f3b", "#e0736e", "x"),
    "TIMED_OUT": Look(N_("Timed out"), ":material/timer_off:", "⏱", "red", "#a63f3b", "#e0736e", "-"),
    "ABORTED": Look(N_("Canceled"), ":material/block:", "⊘", "violet", "#645f6e", "#9a94a6", "."),
    "WAITING": Look(N_("In progress"), ":material/clock_loader_40:", "◔", "blue", "#0e5bd3", "#6ea0ff", "/"),
}
"""By `Trace.status`. The order is that of filters and legends."""

CAUGHT = Look(N_("Caught error"), ":material/undo:", "↪", "orange", "#e57507", "#f0902f", "\\")

INK = {"light": "#1d2126", "dark": "#e6e8eb"}
MUTED = {"light": "#6b7280", "dark": "#98a1ad"}
LINE = {"light": "#e4e6ea", "dark": "#2a313b"}
ACCENT = {"light": "#0e5bd3", "dark": "#6ea0ff"}

STATE_TYPES: dict[str, tuple[str, str]] = {
    "Task": ("#0e5bd3", "#6ea0ff"),
    "Choice": ("#e57507", "#f0902f"),
    "Pass": ("#645f6e", "#9a94a6"),
    "Wait": ("#645f6e", "#9a94a6"),
    "Succeed": ("#00a787", "#19b595"),
    "Fail": ("#a63f3b", "#e0736e"),
    "Parallel": ("#0e5bd3", "#6ea0ff"),
    "Map": ("#0e5bd3", "#6ea0ff"),
}
"""Light and dark colour of a state in a small picture of its workflow."""


def themed(svg: str, mode: Mode) -> str:
    """A picture that Graphviz drew in black on white, in the inks of a page."""
    told = svg.replace('fill="white" stroke="none"', 'fill="none" stroke="none"')
    if mode == "dark":
        told = told.replace('stroke="black"', f'stroke="{MUTED["dark"]}"').replace(
            'fill="black"', f'fill="{MUTED["dark"]}"'
        )
        told = told.replace(f'"{INK["light"]}"', f'"{INK["dark"]}"')
        for look in (*STATUS.values(), CAUGHT):
            told = told.replace(f'"{look.light}"', f'"{look.dark}"')
        told = re.sub(r"<text (?![^>]*\bfill=)", f'<text fill="{INK["dark"]}" ', told)
    return told
