"""A graph as text and pictures for other programs: DOT, Mermaid, and SVG or PNG where Graphviz is installed.

Names and labels come from foreign documents: each writer escapes them for its format, and none makes links or markup.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from engine.graph import Edge, Graph, Node, dot

PICTURES = ("svg", "png")
FORMATS = ("dot", "mermaid", *PICTURES)


class ExportProblem(ValueError):
    """The format cannot be had here; the message is one sentence that says what would help."""


def export(graph: Graph, format: str, rankdir: str = "TB") -> bytes:
    """The graph in one of `FORMATS`, UTF-8. `rankdir` is TB or LR. Raises ExportProblem."""
    if format == "dot":
        return dot(graph, rankdir=rankdir).encode()
    if format == "mermaid":
        return mermaid(graph, rankdir).encode()
    if format in PICTURES:
        return picture(graph, format, rankdir)
    raise ExportProblem(f"There is no format {format!r}; there is {', '.join(FORMATS)}.")


def picture(graph: Graph, format: str = "svg", rankdir: str = "TB") -> bytes:
    """Drawn by the program `dot`; raises ExportProblem where it is not installed or fails."""
    if shutil.which("dot") is None:
        raise ExportProblem(
            f"{format.upper()} is drawn by the program dot of Graphviz, which is not installed; DOT and Mermaid need nothing."
        )
    import graphviz

    try:
        return bytes(graphviz.Source(dot(graph, rankdir=rankdir)).pipe(format=format, quiet=True))
    except graphviz.CalledProcessError as error:
        raise ExportProblem(f"Graphviz could not draw this graph (exit status {error.returncode}).") from None


def mermaid(graph: Graph, rankdir: str = "TB") -> str:
    """A Mermaid flowchart: groups as subgraphs, ways of a Catch and of broken targets dotted."""
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
    return "\n".join(lines) + "\n"


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
