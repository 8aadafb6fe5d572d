"""Documents as graphs, whole or broken, and the formats that graphs leave in."""

from __future__ import annotations

from typing import Any

import pytest

from engine.export import export
from engine.graph import Graph, dot, graph
from engine.parse import parse
from engine.validate import validate
from tests.golden import read, scenarios

CHOICE: dict[str, Any] = {
    "StartAt": "C",
    "States": {
        "C": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.status", "StringEquals": "OPEN", "Next": "P"}],
            "Default": "T",
        },
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F"}],
            "Next": "P",
        },
        "P": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "End": True}}}],
            "End": True,
        },
        "F": {"Type": "Fail"},
    },
}


def ways(found: Graph) -> set[tuple[str, str, str]]:
    name = {node.id: node.name for node in found.nodes}
    return {(edge.kind, name.get(edge.source, ""), name.get(edge.target, "")) for edge in found.edges}


def test_states_are_nodes_and_transitions_are_edges() -> None:
    assert {
        ("choice", "C", "P"),
        ("default", "C", "T"),
        ("next", "T", "P"),
        ("catch", "T", "F"),
    } <= ways(graph(CHOICE))


def test_the_id_of_a_node_is_the_place_of_its_state() -> None:
    machine, _ = parse(CHOICE)
    assert machine is not None
    ids = {node.id for node in graph(CHOICE).nodes}
    assert {state.at for state in machine.flow.states.values()} <= ids
    assert "/States/P/Branches[0]/States/X" in ids


def test_a_condition_is_readable_on_its_edge() -> None:
    assert next(edge.label for edge in graph(CHOICE).edges if edge.kind == "choice") == 'status = "OPEN"'


def test_a_missing_target_is_drawn_with_its_reason() -> None:
    broken = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Shipp"}, "Ship": {"Type": "Succeed"}}}
    node = next(node for node in graph(broken).nodes if node.name == "Shipp")
    assert node.broken


@pytest.mark.parametrize(
    "document", [None, 1, "text", [], {}, {"States": 7}, {"States": {"A": None}}, {"StartAt": 3, "States": {"A": {}}}]
)
def test_whatever_is_no_definition_is_a_graph_all_the_same(document: Any) -> None:
    assert dot(graph(document, validate(document)))


def test_names_cannot_break_out_of_dot_or_mermaid() -> None:
    name = 'a"]; node [label="<b>x</b>\\'
    drawn = graph({"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}})
    assert '\nnode [label="<b>' not in dot(drawn)
    assert "<b>" not in export(drawn, "mermaid").decode()


@pytest.mark.parametrize("name", sorted({folder.name for folder, _ in scenarios()}))
@pytest.mark.parametrize("format", ["dot", "mermaid"])
def test_every_example_leaves_in_every_text_format(name: str, format: str) -> None:
    folder = next(folder for folder, _ in scenarios() if folder.name == name)
    document: Any = read(folder.definition)
    written = export(graph(document), format).decode()
    assert all(state in written for state in document["States"])
