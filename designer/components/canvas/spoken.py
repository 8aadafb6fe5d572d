"""The few words on a graph in the reader's language: captions below names, and the conditions on a Choice's arrows.

The engine writes them in English, short and exact (`engine.captions`). Here the words among them are said again; names,
paths, values and whatever is ASL stay as they are. A condition in JSONata is code, and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from designer.theme import N_
from engine.captions import cut

Say = Callable[..., str]

CAPTIONS: tuple[tuple[str, str], ...] = (
    (r"retry ×(?P<n>\d+)", N_("retry ×{n}")),
    (r"(?P<n>\d+) at a time", N_("{n} at a time")),
    (r"(?P<n>1) branch", N_("{n} branch")),
    (r"(?P<n>\d+) branches", N_("{n} branches")),
    (r"wait for job", N_("wait for job")),
    (r"no default", N_("no default")),
    (r"no Type", N_("no Type")),
    (r"no Resource", N_("no Resource")),
    (r"Distributed map", N_("Distributed map")),
    (r"Wait for (?P<what>.+)", N_("Wait for {what}")),
    (r"Wait until (?P<what>.+)", N_("Wait until {what}")),
)
"""Parts of a caption, between the dots."""

WORDS = (
    N_("is not null"),
    N_("is null"),
    N_("is present"),
    N_("is absent"),
    N_("is a number"),
    N_("is no number"),
    N_("is a text"),
    N_("is no text"),
    N_("is a boolean"),
    N_("is no boolean"),
    N_("is a timestamp"),
    N_("is no timestamp"),
    N_("matches"),
    N_("and"),
    N_("or"),
    N_("not"),
)
"""What joins the parts of a choice rule; the longer before what it begins with."""
_TEXT = re.compile(r'("(?:\\.|[^"\\])*")')
_WORD = re.compile(r"(?<![\w$.])(" + "|".join(WORDS) + r")(?![\w$.])")


def spoken(props: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """The graph of these props with its words said by `say`, a gettext function."""
    graph, states = props["graph"], props.get("states") or {}
    nodes = [
        {**node, "caption": said(node["caption"], say)} if node.get("caption") else node for node in graph["nodes"]
    ]
    edges = [_edge(edge, states, say) if edge["kind"] == "choice" else edge for edge in graph["edges"]]
    return {**graph, "nodes": nodes, "edges": edges}


def said(caption: str, say: Say) -> str:
    """`Lambda Invoke · retry ×2` with its words in another language."""
    return " · ".join(_part(part, say) for part in caption.split(" · "))


def condition(title: str, say: Say) -> str:
    """`a is present and b > 2` with its words in another language; texts in quotes stay."""
    parts = _TEXT.split(title)
    return "".join(
        part if index % 2 else _WORD.sub(lambda found: say(found[1]), part) for index, part in enumerate(parts)
    )


def _part(part: str, say: Say) -> str:
    for form, text in CAPTIONS:
        found = re.fullmatch(form, part)
        if found:
            return say(text).format(**found.groupdict())
    return part


def _edge(edge: Mapping[str, Any], states: Mapping[str, Any], say: Say) -> Mapping[str, Any]:
    rules = (states.get(edge["source"]) or {}).get("Choices")
    place = re.search(r"/Choices\[(\d+)\]$", edge["id"])
    index = int(place[1]) if place else -1
    rule = rules[index] if isinstance(rules, list) and 0 <= index < len(rules) else {}
    if not isinstance(rule, Mapping) or "Condition" in rule:
        return edge
    title = condition(edge["title"], say)
    return {**edge, "label": cut(title), "title": title}
