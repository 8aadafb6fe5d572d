"""Graphs as text and pictures for other programs."""

from __future__ import annotations

import json
import shutil
from typing import Any
from xml.etree import ElementTree

import pytest

from engine.export import ExportProblem, export, of_marks, of_run
from engine.graph import graph
from engine.merged import merged
from engine.statused import Statused, statused
from tests.golden import played, scenarios

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
    monkeypatch.setattr(shutil, "which", lambda program, path=None: None)
    with pytest.raises(ExportProblem, match="is drawn by Graphviz, which is not installed"):
        export(graph(NESTED), "svg")


def test_pictures_are_drawn_without_any_program_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package graphviz-pure brings its own: nothing is looked for on the PATH."""
    monkeypatch.setenv("PATH", "")
    svg = export(graph(NESTED), "svg").decode()
    root = ElementTree.fromstring(svg)
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Both", "Ask", "Gone"} <= texts
    png = export(graph(NESTED), "png")
    assert png.startswith(b"\x89PNG") and len(png) > 5_000


def test_nothing_of_a_name_becomes_markup_or_a_link() -> None:
    name = '<script>alert(1)</script>" URL="x" \\N'
    document = {"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}
    root = ElementTree.fromstring(export(graph(document), "svg").decode())
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "g", "title", "polygon", "path", "text", "ellipse"}
    assert "alert(1)" in "".join(element.text or "" for element in root.iter())


def story() -> tuple[Any, Statused]:
    folder, scenario = next((f, s) for f, s in scenarios() if (f.name, s.name) == ("get-item", "caught"))
    trace = played(folder, scenario)
    drawn = graph(trace.machine.document)
    return drawn, statused(drawn, trace)


def test_a_run_is_told_in_words_and_lines_and_not_by_colour_alone() -> None:
    drawn, found = story()
    by_name = {node.name: found.states.get(node.id) for node in drawn.nodes}
    assert "CAUGHT" in by_name.values()
    looks = of_run(found)
    svg = export(drawn, "svg", looks=looks).decode()
    assert "↪ Get item" in svg and "Caught error" in svg and "stroke-dasharray" in svg
    assert 'stroke-width="2.2"' in svg  # the ways that were taken
    text = export(drawn, "mermaid", looks=looks).decode()
    assert (
        "Caught error" in text and "classDef caughterror stroke:#e57507,stroke-width:2px,stroke-dasharray:6 3" in text
    )
    assert "linkStyle" in text
    assert export(drawn, "png", looks=looks).startswith(b"\x89PNG")


def test_every_standing_of_a_run() -> None:
    """Failed, caught, canceled, in progress, succeeded: each state stands as its last visit in each line of work."""
    standings = set()
    for folder, scenario in scenarios():
        trace = played(folder, scenario)
        drawn = graph(trace.machine.document)
        found = statused(drawn, trace)
        assert found.states.keys() <= {node.id for node in drawn.nodes}
        assert found.edges <= {edge.id for edge in drawn.edges}
        standings |= set(found.states.values())
        if trace.status == "SUCCEEDED":
            assert trace.visits[-1].state.at in found.states
    assert {"SUCCEEDED", "FAILED", "CAUGHT"} <= standings


def test_differences_are_marked_with_signs_and_words() -> None:
    after = json.loads(json.dumps(NESTED))
    after["States"]["Gone"]["Comment"] = "lost"
    after["States"]["Lost"] = {"Type": "Succeed"}
    del after["States"]["Both"]["Catch"]
    both = merged(NESTED, after)
    svg = export(both.graph, "svg", looks=of_marks(both)).decode()
    assert "+ Lost" in svg and "~ Gone" in svg and "added" in svg and "changed" in svg
    assert "− States.ALL" in svg
