"""The answer to "where does this value come from?", as the player shows it.

    {"seq": 4, "origin": "result", "exact": True, "steps": [link, …], "sources": [[link, …], …]}

A link is `{"moment", "node", "path", "field", "expression", "through"}`: the value stood at `path` (JSONPath text) of the
value of that moment; latest first. What hands the value on under the same path is one link, its earliest step; `through`
names the nodes that it passed on the way to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from designer.components.canvas.events import Ask
from engine.lineage import Lineage, Path, Step, lineage
from engine.trace import Trace

Json = Any
MOST_LINKS = 40
MOST_SOURCES = 6
PLAIN = re.compile(r"[A-Za-z_]\w*")


def where_from(trace: Trace | None, ask: Ask) -> dict[str, Json] | None:
    """None when the question does not fit the trace: it was asked of an earlier run."""
    if trace is None or ask.moment >= len(trace.raw):
        return None
    found = lineage(trace, ask.moment, ask.path)
    return {
        "seq": ask.seq,
        "origin": found.origin,
        "exact": all(step.exact for step in found.steps),
        "steps": list(_links(trace, found)),
        "sources": [list(_links(trace, source)) for source in found.sources[:MOST_SOURCES]],
    }


def json_path(path: Path) -> str:
    """`("a b", 0, "c")` as `$['a b'][0].c`."""
    return "$" + "".join(map(_part, path))


def _part(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    quoted = step.replace("\\", "\\\\").replace("'", "\\'")
    return f".{step}" if PLAIN.fullmatch(step) else f"['{quoted}']"


def _links(trace: Trace, found: Lineage) -> Iterator[dict[str, Json]]:
    links: list[dict[str, Json]] = []
    through: list[str] = []
    for place, step in enumerate(found.steps):
        node = _node(trace, step)
        if node is not None and node not in through:
            through.append(node)
        following = found.steps[place + 1] if place + 1 < len(found.steps) else None
        if following is not None and following.path == step.path and place > 0:
            continue
        links.append(_link(step, node, through))
        through = []
    yield from links if len(links) <= MOST_LINKS else [*links[: MOST_LINKS - 1], links[-1]]


def _link(step: Step, node: str | None, through: list[str]) -> dict[str, Json]:
    return {
        "moment": step.moment,
        "node": node,
        "path": json_path(step.path),
        "field": step.field,
        "expression": step.expression,
        "through": through,
    }


def _node(trace: Trace, step: Step) -> str | None:
    visit = trace.raw[step.moment][2]
    return trace.visits[visit].state.at if visit >= 0 else None
