"""Graphs as text and pictures for other programs."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from engine.export import ExportProblem, export
from engine.graph import graph

NESTED: dict[str, Any] = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}},
                {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}},
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Gone"}],
            "Next": "Ask",
        },
        "Ask": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.x", "StringEquals": 'say "hi"; |', "Next": "Both"}],
            "Default": "Lost",
        },
        "Gone": {"Type": "Fail"},
    },
}


def test_mermaid_tells_the_whole_graph() -> None:
    """Groups become subgraphs, a Catch and a way to nowhere are dotted, and no label can end its quotes."""
    assert export(graph(NESTED), "mermaid").decode().splitlines() == [
        "flowchart TD",
        '  n0(["Start"])',
        '  n2{"Ask<br/>Choice"}',
        '  n3(["Gone<br/>Fail"])',
        '  n4["Lost<br/>no such state"]',
        '  subgraph g0[" "]',
        '    n1["Both<br/>Parallel · 2 branches"]',
        '    subgraph g1["Branch 1"]',
        '      n5["A<br/>Pass"]',
        "    end",
        '    subgraph g2["Branch 2"]',
        '      n6["B<br/>Pass"]',
        "    end",
        "  end",
        "  n0 --> n1",
        "  n1 --> n2",
        '  n1 -.->|"States.ALL"| n3',
        '  n2 -->|"x = #34;say #92;#34;hi#92;#34;#59; #124;#34;"| n1',
        '  n2 -.->|"otherwise"| n4',
        "  n1 --> n5",
        "  n1 --> n6",
        "  classDef broken stroke:#a63f3b,stroke-dasharray:4 3",
        "  class n4 broken",
    ]


def test_a_direction_is_kept() -> None:
    assert export(graph(NESTED), "mermaid", "LR").startswith(b"flowchart LR\n")
    assert b"rankdir=LR" in export(graph(NESTED), "dot", "LR")


def test_a_format_that_does_not_exist_is_refused_in_a_sentence() -> None:
    with pytest.raises(ExportProblem, match="There is no format 'pdf'; there is dot, mermaid"):
        export(graph(NESTED), "pdf")


def test_a_picture_without_graphviz_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(ExportProblem, match="program dot of Graphviz, which is not installed"):
        export(graph(NESTED), "svg")


@pytest.mark.skipif(shutil.which("dot") is None, reason="the program dot of Graphviz is not installed here")
def test_a_picture_is_drawn_by_graphviz() -> None:
    assert b"<svg" in export(graph(NESTED), "svg")
