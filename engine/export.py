"""A graph as text and pictures for other programs: DOT, Mermaid, SVG and PNG.

Names and labels come from foreign documents: each writer escapes them for its format, and none makes links or markup.
Pictures are drawn by Graphviz: the program that comes with the package graphviz-pure, or `dot` where that is installed.

A picture can carry more than the graph: how a run went (`of_run`), or what became different (`of_marks`). It is told in
words and by the line of the border first, and by colour besides.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.graph import Edge, Graph, Node, dot
from engine.merged import SIGNS, Merged
from engine.statused import Statused

PICTURES = ("svg", "png")
FORMATS = ("dot", "mermaid", *PICTURES)
LONGEST = 60
"""Seconds that a picture may take."""
_FONT = "Helvetica"
"""Graphviz knows how wide its letters are without looking for a font."""


class ExportProblem(ValueError):
    """The format cannot be had here; the message is one sentence that says what would help."""


@dataclass(frozen=True, slots=True)
class Look:
    """How something stands out: a sign and a word, a colour, and the border's or line's style in Graphviz's words."""

    sign: str
    word: str
    colour: str
    style: str = "solid"
    width: str = "1.6"


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of nodes and edges by their ids; what is not named is drawn as always."""

    nodes: Mapping[str, Look] = field(default_factory=dict)
    edges: Mapping[str, Look] = field(default_factory=dict)


STANDINGS: Mapping[str, Look] = {
    "SUCCEEDED": Look("✓", "Succeeded", "#00a787"),
    "FAILED": Look("✕", "Failed", "#a63f3b", "solid", "3"),
    "CAUGHT": Look("↪", "Caught error", "#e57507", "dashed", "2"),
    "ABORTED": Look("⊘", "Canceled", "#645f6e", "dotted", "2"),
    "WAITING": Look("◔", "In progress", "#0e5bd3", "dashed", "2"),
}
"""As the designer shows a status."""
MARKS: Mapping[str, Look] = {
    "added": Look(SIGNS["added"], "added", "#00a787", "solid", "3"),
    "removed": Look(SIGNS["removed"], "removed", "#a63f3b", "dashed", "2"),
    "changed": Look(SIGNS["changed"], "changed", "#e57507", "solid", "2"),
}


def of_run(found: Statused, say: Callable[[str], str] = str) -> Looks:
    """The looks of a run: each state as it stands, each way that was taken. `say` translates the words."""
    looks = _told(STANDINGS, say)
    taken = Look("", "", "#1d2126", "solid", "2.2")
    return Looks({at: looks[standing] for at, standing in found.states.items()}, dict.fromkeys(found.edges, taken))


def of_marks(found: Merged, say: Callable[[str], str] = str) -> Looks:
    """The looks of what became different between two versions. `say` translates the words."""
    words = _told(MARKS, say)
    nodes = {node.id for node in found.graph.nodes}
    looks = {at: words[mark] for at, mark in found.marks.items()}
    return Looks(
        {at: look for at, look in looks.items() if at in nodes},
        {at: look for at, look in looks.items() if at not in nodes},
    )


def _told(looks: Mapping[str, Look], say: Callable[[str], str]) -> dict[str, Look]:
    return {name: replace(look, word=say(look.word)) for name, look in looks.items()}


def export(graph: Graph, format: str, rankdir: str = "TB", looks: Looks | None = None) -> bytes:
    """The graph in one of `FORMATS`, UTF-8. `rankdir` is TB or LR. Raises ExportProblem."""
    if format == "dot":
        return _dot(graph, rankdir, looks, signs=True).encode()
    if format == "mermaid":
        return mermaid(graph, rankdir, looks).encode()
    if format in PICTURES:
        return picture(graph, format, rankdir, looks)
    raise ExportProblem(f"There is no format {format!r}; there is {', '.join(FORMATS)}.")


def picture(graph: Graph, format: str = "svg", rankdir: str = "TB", looks: Looks | None = None) -> bytes:
    """An SVG, or a PNG with two pixels to the point. Raises ExportProblem where Graphviz is missing or fails."""
    program = _program()
    if program is None:
        raise ExportProblem(
            f"{format.upper()} is drawn by Graphviz, which is not installed: pip install graphviz-pure brings it. "
            "DOT and Mermaid need nothing."
        )
    # The letters of a PNG are drawn from Graphviz's own font, which has no ✓: there the words do without signs.
    text = _dot(graph, rankdir, looks, signs=format != "png").replace('"sans-serif"', f'"{_FONT}"')
    fine = ["-Gdpi=144"] if format == "png" else []
    try:
        done = subprocess.run(
            [program, "-Kdot", f"-T{format}", *fine],
            input=text.encode(),
            capture_output=True,
            timeout=LONGEST,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise ExportProblem(f"Graphviz took longer than {LONGEST} seconds to draw this graph.") from None
    except subprocess.CalledProcessError as error:
        raise ExportProblem(f"Graphviz could not draw this graph (exit status {error.returncode}).") from None
    except OSError as error:
        raise ExportProblem(f"Graphviz could not be started: {error.strerror}.") from None
    if format != "svg":
        return done.stdout
    return done.stdout.replace(f'font-family="{_FONT}"'.encode(), f'font-family="{_FONT},Arial,sans-serif"'.encode())


def drawable() -> bool:
    """Can SVG and PNG be made here?"""
    return _program() is not None


def _program() -> str | None:
    """Graphviz: of the package graphviz-pure in this environment, or wherever the system finds it."""
    beside = (sysconfig.get_path("scripts"), str(Path(sys.executable).parent))
    for folder in beside:
        if found := shutil.which("graphviz-pure", path=folder):
            return found
    return shutil.which("graphviz-pure") or shutil.which("dot")


def _dot(graph: Graph, rankdir: str, looks: Looks | None, signs: bool) -> str:
    """The graph in DOT, with its looks as attributes and in its labels."""
    if looks is None:
        return dot(graph, rankdir=rankdir)
    attributes: dict[str, dict[str, str]] = {}
    for at, look in (*looks.nodes.items(), *looks.edges.items()):
        attributes[at] = {"color": look.colour, "penwidth": look.width}
        if at in looks.edges:
            attributes[at] |= {"style": look.style, "fontcolor": look.colour}
        else:
            attributes[at] |= {"style": f"rounded,{look.style}"}
    return dot(_worded(graph, looks, signs), rankdir=rankdir, attributes=attributes)


def _worded(graph: Graph, looks: Looks, signs: bool) -> Graph:
    """The graph with a sign and a word on whatever stands out."""

    def said(look: Look, label: str) -> str:
        sign = look.sign if signs or look.sign in SIGNS.values() else ""
        return " ".join(part for part in (sign, label) if part)

    def node(one: Node) -> Node:
        look = looks.nodes.get(one.id)
        if look is None:
            return one
        caption = " · ".join(part for part in (one.caption, look.word) if part)
        return replace(one, name=said(look, one.name), caption=caption)

    def edge(one: Edge) -> Edge:
        look = looks.edges.get(one.id)
        return replace(one, label=said(look, one.label or look.word)) if look is not None and look.word else one

    return Graph(tuple(map(node, graph.nodes)), tuple(map(edge, graph.edges)), graph.groups)


def mermaid(graph: Graph, rankdir: str = "TB", looks: Looks | None = None) -> str:
    """A Mermaid flowchart: groups as subgraphs, ways of a Catch and of broken targets dotted."""
    graph = graph if looks is None else _worded(graph, looks, signs=True)
    names = {node.id: f"n{index}" for index, node in enumerate(graph.nodes)}
    numbers = {group.id: f"g{index}" for index, group in enumerate(graph.groups)}

    def part(group: str | None, indent: str) -> Iterator[str]:
        for node in graph.nodes:
            if node.group == group:
                yield indent + names[node.id] + _shape(node)
        for inner in graph.groups:
            if inner.parent == group:
                yield f'{indent}subgraph {numbers[inner.id]}["{_escape(inner.label) or " "}"]'
                yield from part(inner.id, indent + "  ")
                yield f"{indent}end"

    lines = [f"flowchart {'LR' if rankdir == 'LR' else 'TD'}", *part(None, "  ")]
    lines += [f"  {names[edge.source]} {_arrow(edge)} {names[edge.target]}" for edge in graph.edges]
    broken = [names[node.id] for node in graph.nodes if node.broken is not None]
    if broken:
        lines += ["  classDef broken stroke:#a63f3b,stroke-dasharray:4 3", f"  class {','.join(broken)} broken"]
    lines += _classes(graph, names, looks or Looks())
    return "\n".join(lines) + "\n"


def _classes(graph: Graph, names: Mapping[str, str], looks: Looks) -> Iterator[str]:
    """A class for each look, and a style for each way that stands out."""
    found: dict[Look, list[str]] = {}
    for node in graph.nodes:
        if node.id in looks.nodes:
            found.setdefault(looks.nodes[node.id], []).append(names[node.id])
    for look, members in found.items():
        name = re.sub(r"\W", "", look.word).lower()
        yield f"  classDef {name} stroke:{look.colour},stroke-width:{look.width}px{_DASHES.get(look.style, '')}"
        yield f"  class {','.join(members)} {name}"
    for index, edge in enumerate(graph.edges):
        if edge.id in looks.edges:
            look = looks.edges[edge.id]
            yield f"  linkStyle {index} stroke:{look.colour},stroke-width:{look.width}px{_DASHES.get(look.style, '')}"


_DASHES = {"dashed": ",stroke-dasharray:6 3", "dotted": ",stroke-dasharray:2 3"}
_BRACKETS = {
    "Start": ('(["', '"])'),
    "End": ('(["', '"])'),
    "Succeed": ('(["', '"])'),
    "Fail": ('(["', '"])'),
    "Choice": ('{"', '"}'),
}


def _shape(node: Node) -> str:
    left, right = _BRACKETS.get(node.type, ('["', '"]'))
    caption = f"<br/>{_escape(node.caption)}" if node.caption else ""
    return f"{left}{_escape(node.name) or ' '}{caption}{right}"


def _arrow(edge: Edge) -> str:
    line = "-.->" if edge.kind == "catch" or edge.broken else "-->"
    return f'{line}|"{_escape(edge.label)}"|' if edge.label else line


def _escape(label: str) -> str:
    """Mermaid's entities for what it would read as syntax or as HTML."""
    return "".join(_ENTITIES.get(character, character) for character in " ".join(label.split()))


_ENTITIES = {character: f"#{ord(character)};" for character in '"#&<>`\\{}[]|;'}
