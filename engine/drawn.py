"""The graph of a text, whatever state it is in: never nothing while there is something to draw.

Of a text that cannot be read, what could be read around the mistakes is drawn, and the states in which they lie are broken
nodes with the mistake for a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.graph import Graph, graph
from engine.problems import Problem
from engine.source import Document


def drawn(document: Document, problems: Iterable[Problem] = ()) -> Graph:
    """The graph of a document with problems at their states; of a broken text, with its mistakes."""
    if document.value is not None:
        return graph(document.value, problems)
    partial = document.partial
    told = graph(partial.value, partial.problems)
    places = {problem.at for problem in partial.problems}
    return replace(
        told,
        nodes=tuple(
            replace(node, broken=node.problems[0])
            if node.broken is None
            and any(at == node.id or at.startswith(f"{node.id}/") for at in places)
            and node.problems
            else node
            for node in told.nodes
        ),
    )
