"""A state in the other query language: tables in `tests/cases/rewrite`, and states and data made at random.

What is written must do the same. For every case of the tables and every made state the machine is run with the state in
either language; the outputs must be the same, and so must be what `checked` compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.execution import run
from engine.expressions.intrinsics import INTRINSICS
from engine.expressions.jsonata_reading import BeyondReading, Calling, Fixed, Following, Joining, read
from engine.expressions.jsonpath import PathFailed, PathNotFound, compile_path
from engine.expressions.operators import OPERATORS
from engine.parse import parse
from engine.rewrite import Rewriting, checked, rewritten
from engine.rewrite_calls import _TWINS
from engine.rewrite_jsonata import KEPT
from engine.trace import Call, Reply, Trace
from engine.validate import validate
from engine.values import same
from engine.world import World

FOLDER = Path(__file__).parent.parent / "cases" / "rewrite"
CASES = [
    pytest.param(table["to"], table["input"], case, id=f"{path.stem}-{case['name']}")
    for path in sorted(FOLDER.glob("*.json"))
    for table in [json.loads(path.read_text(encoding="utf-8"))]
    for case in table["cases"]
]
AT = "/States/Tried"


def machine(state: dict[str, Any]) -> dict[str, Any]:
    """Variables, the state, and two places to go to that can be told apart."""
    tried = dict(state)
    if state["Type"] not in ("Choice", "Fail", "Succeed") and not {"Next", "End"} & set(state):
        tried["Next"] = "Done"
    return {
        "StartAt": "Set",
        "States": {
            "Set": {"Type": "Pass", "Assign": {"v": {"a": 1, "l": [[2]]}, "w": [7]}, "Next": "Tried"},
            "Tried": tried,
            "Other": {"Type": "Pass", "Result": "other", "End": True},
            "Done": {"Type": "Succeed"},
        },
    }


def played(definition: dict[str, Any], given_: Any, reply: Reply) -> Trace:
    made, problems = parse(definition)
    assert made is not None
    assert [problem.message for problem in problems if problem.severity == "error"] == []

    def answer(call: Call) -> Reply:
        return reply

    return run(made, given_, World(connector=answer))


@pytest.mark.parametrize(("to", "value", "case"), CASES)
def test_a_state_is_written_as_the_table_says(to: Any, value: Any, case: dict[str, Any]) -> None:
    state = case["state"] if to == "JSONata" else {**case["state"], "QueryLanguage": "JSONata"}
    found = rewritten(machine(state), AT, to)
    assert {reason.field: reason.text for reason in found.reasons} == case.get("reasons", {})
    if "reasons" in case:
        assert found.state is None and found.part is not None
        return
    assert found.state is not None
    fields = {name: inner for name, inner in found.state.items() if name not in KEPT or name not in state}
    assert {name: inner for name, inner in fields.items() if name not in ("Type", "QueryLanguage", "Next")} == case[
        "fields"
    ]
    for note in case.get("notes", []):
        assert note in found.notes


@pytest.mark.parametrize(("to", "value", "case"), [one for one in CASES if "reasons" not in one.values[2]])
def test_a_written_state_does_the_same(to: Any, value: Any, case: dict[str, Any]) -> None:
    state = case["state"] if to == "JSONata" else {**case["state"], "QueryLanguage": "JSONata"}
    reply = Reply(output=case.get("reply", {}))
    if "fails" in case:
        reply = Reply(failed=True, error=case["fails"][0], cause=case["fails"][1])
    before = played(machine(state), value, reply)
    found = rewritten(machine(state), AT, to)
    assert found.state is not None
    wrong = [problem for problem in validate(machine(dict(found.state))) if problem.severity == "error"]
    assert [problem.message for problem in wrong if problem.at.startswith(AT)] == []
    after = played(machine(dict(found.state)), value, reply)
    verdict = checked(before, 1, found)
    assert verdict.agrees is case.get("agrees", True), verdict.differences
    if verdict.agrees:
        assert (after.status, after.error, after.cause) == (before.status, before.error, before.cause)
        assert same(after.output, before.output)


def test_every_intrinsic_function_has_a_twin_or_a_reason() -> None:
    assert set(_TWINS) == set(INTRINSICS)


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_of_choice_rules_has_a_twin(name: str) -> None:
    """For each operator a rule that holds and one that does not, on several values."""
    operands = {
        "string": "m", "number": 5, "boolean": True, "test": True, "timestamp": "2025-05-01T10:00:00Z", "pattern": "m*",
    }  # fmt: skip
    row = OPERATORS[name]
    values = [
        "m",
        "a",
        "z",
        2,
        5,
        9,
        True,
        None,
        [5],
        {"m": 1},
        "2025-05-01T10:00:00Z",
        "2025-05-01T11:00:00+02:00",
        "2025-05-01T13:00:00+02:00",
    ]
    seen = set()
    for value in values:
        rule: dict[str, Any] = {"Variable": "$.x", name: "$.y" if row.by_path else operands[row.kind], "Next": "Other"}
        state = {"Type": "Choice", "Choices": [rule], "Default": "Done"}
        given_ = {"x": value, "y": operands[row.kind]}
        before = played(machine(state), given_, Reply())
        found = rewritten(machine(state), AT)
        verdict = checked(before, 1, found)
        assert verdict.agrees, (value, verdict.differences)
        seen.add(verdict.before["next"])
    assert seen == ({"Other"} if name == "IsPresent" else {"Other", "Done"})


# What a checked rewriting tells ---------------------------------------------------------------------------------------


def test_a_difference_is_shown_with_its_place() -> None:
    state = {"Type": "Pass", "Parameters": {"deep": {"n.$": "$.n"}}}
    before = played(machine(state), {"n": 1}, Reply())
    wrong = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"deep": {"n": "{% $states.input.n + 1 %}"}}}
    verdict = checked(before, 1, Rewriting("JSONata", {**wrong, "Next": "Done"}))
    assert not verdict.agrees
    assert [(one.path, one.before, one.after) for one in verdict.differences] == [(("output", "deep", "n"), 1, 2)]


def test_both_may_fail_by_other_names() -> None:
    state = {"Type": "Pass", "Parameters": {"n.$": "$.gone"}}
    before = played(machine(state), {}, Reply())
    verdict = checked(before, 1, rewritten(machine(state), AT))
    assert verdict.agrees
    assert verdict.notes == ("Both fail: here with States.Runtime, there with States.QueryEvaluationError.",)


def test_a_state_in_a_branch_sees_its_item_and_its_variables() -> None:
    inner = {"Type": "Pass", "Parameters": {"i.$": "$$.Map.Item.Index", "k.$": "$k"}, "End": True}
    processor = {"StartAt": "In", "States": {"In": inner}}
    definition = {
        "StartAt": "Set",
        "States": {
            "Set": {"Type": "Pass", "Assign": {"k": 5}, "Next": "Each"},
            "Each": {"Type": "Map", "ItemProcessor": processor, "End": True},
        },
    }
    trace = played(definition, [10, 20], Reply())
    found = rewritten(definition, "/States/Each/ItemProcessor/States/In")
    inside = [visit for visit, one in enumerate(trace.visits) if one.state.name == "In"]
    assert [checked(trace, visit, found).after["output"] for visit in inside] == [{"i": 0, "k": 5}, {"i": 1, "k": 5}]
    assert all(checked(trace, visit, found).agrees for visit in inside)


def test_a_state_that_is_in_that_language_stays() -> None:
    state = {"Type": "Pass", "Result": 1}
    assert rewritten(machine(state), AT, "JSONPath").state == machine(state)["States"]["Tried"]


def test_where_no_state_stands_there_is_a_reason() -> None:
    found = rewritten(machine({"Type": "Pass"}), "/States/Gone")
    assert found.state is None
    assert [reason.text for reason in found.reasons] == ["There is no state at this place"]
    with pytest.raises(ValueError, match="cannot be tried"):
        checked(played(machine({"Type": "Pass"}), {}, Reply()), 1, found)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("$states.input.a[0].`b c`", Following("states", ("input", "a", 0, "b c"))),
        ("($v)[-1]", Following("v", (-1,))),
        ("'it\\'s \"so\"'", Fixed('it\'s "so"')),
        ('"\\u00e9\\n"', Fixed("é\n")),
        ("-1.5", Fixed(-1.5)),
        ("$count($v) = 1", Joining("=", Calling("count", (Following("v"),)), Fixed(1))),
        ("1 + 2 & 'x'", Joining("&", Joining("+", Fixed(1), Fixed(2)), Fixed("x"))),
    ],
)
def test_a_small_part_of_jsonata_is_read(text: str, tree: Any) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    "text",
    ["$v[a = 1]", "$v.(a)", "$x := 1", "function($a) { $a }", "$v ~> $count", "$v^(a)", "a", "(1; 2)", "", "(" * 100],
)
def test_what_is_beyond_it_is_told(text: str) -> None:
    with pytest.raises(BeyondReading):
        read(text)


# States and data made at random ---------------------------------------------------------------------------------------

NAMES = ["a", "b", "c", "unit price", "n"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-20, 20),
    st.sampled_from([1.5, -2.5, 0.25]),
    st.sampled_from(["", "x", "a*b", "x,y", "10", "2024-05-01T10:00:00Z", "2024-05-01T12:00:00+02:00", "é", "z z"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)),
    max_leaves=10,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=5)
OPERANDS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(["", "x", "10", "z z"]),
    "number": st.one_of(st.integers(-5, 5), st.just(1.5)),
    "boolean": st.booleans(),
    "test": st.booleans(),
    "timestamp": st.sampled_from(["2024-05-01T10:00:00Z", "2023-01-01T00:00:00.5+01:00"]),
    "pattern": st.sampled_from(["*", "x*", "a\\*b", "*,*", "x", "*é*"]),
}


def paths(value: Any, kinds: tuple[type, ...] = (object,), at: str = "$") -> list[str]:
    """The paths to the parts of a value that are of these kinds."""
    fits = kinds == (object,) or (isinstance(value, kinds) and not isinstance(value, bool))
    found = [at] if fits else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, kinds, at + (f".{key}" if key.isalpha() else f"['{key}']"))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += paths(inner, kinds, f"{at}[{index}]")
    return found


CALLS = {
    "many": (list, ["{0}[*]", "{0}[*].a", "{0}[0:1]", "{0}[-2:]", "{0}[:-1]", "{0}[0,1]", "{0}[?(@.a == 1)]", "{0}[?(@.a)]",
                    "{0}[?(@.a > 0 && @.b)]", "{0}[?(@.a != 'x')]", "{0}[*][*]", "{0}.length()"]),
    "arrays": (list, ["States.ArrayLength({0})", "States.ArrayUnique({0})", "States.ArrayPartition({0}, 2)",
                      "States.ArrayContains({0}, 'x')", "States.ArrayGetItem({0}, 0)", "States.Array({0})",
                      "States.ArrayContains({0}, {1})", "States.Array({0}, {1})"]),
    "texts": (str, ["States.StringSplit({0}, ',')", "States.StringSplit({0}, ', *z')", "States.Hash({0}, 'MD5')",
                    "States.Array({0}, 1, 'q')", "States.JsonToString({0})", "States.Format('<{{}}>', {0})"]),
    "numbers": ((int, float), ["States.MathAdd({0}, {1})", "States.MathAdd({0}, -1)", "States.ArrayRange(0, {0}, 2)"]),
    "objects": (dict, ["States.JsonMerge({0}, {1}, false)", "States.JsonToString({0})", "{0}['a','b']", "{0}.*"]),
}  # fmt: skip


@st.composite
def leaves(draw: Any, data: Any) -> str:
    kind, templates = draw(st.sampled_from(list(CALLS.values())))
    kinds = kind if isinstance(kind, tuple) else (kind,)
    suitable = paths(data, kinds)
    if not suitable or draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from([*paths(data), "$$.State.Name", "$$.Execution.Input", "$v.l", "$w"]))
    one = st.sampled_from(suitable)
    return str(draw(st.sampled_from(templates)).format(draw(one), draw(one)))


@st.composite
def templates(draw: Any, data: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key in draw(st.lists(st.sampled_from(["k", "l m", "a", "b"]), unique=True, max_size=3)):
        match draw(st.integers(0, 4)):
            case 3:
                made[key] = draw(VALUES)
            case 4:
                made[key] = [{"i.$": draw(leaves(data)), "j": draw(LEAVES)}, draw(VALUES)]
            case _:
                made[key + ".$"] = draw(leaves(data))
    return made


@st.composite
def rules(draw: Any, data: Any, depth: int = 0) -> dict[str, Any]:
    kind = draw(st.integers(0, 9)) if depth < 2 else 9
    if kind < 2:
        return {("And", "Or")[kind]: draw(st.lists(rules(data, depth + 1), min_size=1, max_size=3))}
    if kind == 2:
        return {"Not": draw(rules(data, depth + 1))}
    name = draw(st.sampled_from(sorted(OPERATORS)))
    row = OPERATORS[name]
    variable = draw(st.sampled_from([*paths(data), "$v.a", *(["$.zz", "$v.q"] if name == "IsPresent" else [])]))
    return {"Variable": variable, name: draw(st.sampled_from(paths(data)) if row.by_path else OPERANDS[row.kind])}


@st.composite
def states(draw: Any) -> tuple[Any, dict[str, Any], Any]:
    """Data, a state that suits it, and the result of its work."""
    data, result = draw(OBJECTS), draw(VALUES)
    kind = draw(st.sampled_from(["Pass", "Task", "Choice", "Wait"]))
    state: dict[str, Any] = {"Type": kind}
    given_ = data
    if draw(st.integers(0, 3)) == 0:
        state["InputPath"] = draw(st.one_of(st.none(), st.sampled_from(paths(data))))
        given_ = {} if state["InputPath"] is None else compile_path(state["InputPath"]).read(data)
    if kind == "Pass" and draw(st.booleans()):
        state["Parameters"] = draw(templates(given_))
    elif kind == "Pass" and draw(st.booleans()):
        state["Result"] = draw(VALUES)
    if kind == "Task":
        state["Resource"] = "arn:aws:lambda:us-east-1:123456789012:function:Made"
        if draw(st.booleans()):
            state["Parameters"] = draw(templates(given_))
        if draw(st.booleans()):
            state["ResultSelector"] = draw(templates(result))
    if kind in ("Pass", "Task") and draw(st.booleans()):
        state["ResultPath"] = draw(st.sampled_from([None, "$", "$.a", "$.r", "$.a.b", "$.r.s", "$['unit price']"]))
    if draw(st.integers(0, 2)) == 0:
        state["OutputPath"] = draw(st.sampled_from([None, *paths(given_), "$.r", "$.a.b", "$.r.k"]))
    if draw(st.integers(0, 2)) == 0:
        state["Assign"] = {"x.$": draw(st.sampled_from(paths(result if kind == "Task" else given_))), "y": 1}
    if kind == "Wait":
        state["Seconds"] = 1
    if kind == "Choice":
        state["Choices"] = draw(st.lists(rules(given_), min_size=1, max_size=3))
        for rule in state["Choices"]:
            rule["Next"] = draw(st.sampled_from(["Other", "Done"]))
        state["Default"] = "Done"
    return data, state, result


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(states())
def test_made_states_do_the_same_in_both_languages(made: tuple[Any, dict[str, Any], Any]) -> None:
    """Wherever the JSONPath state succeeds, the JSONata state gives the same; and so does the way back, where there is one."""
    data, state, result = made
    before = played(machine(state), data, Reply(output=result))
    found = rewritten(machine(state), AT)
    if found.state is None:
        assert all("finds nothing" in reason.text or "{}" in reason.text for reason in found.reasons), found.reasons
        return
    after = played(machine(dict(found.state)), data, Reply(output=result))
    if before.status != "SUCCEEDED":
        return
    verdict = checked(before, 1, found)
    assert verdict.agrees, (verdict.differences, found.state)
    assert after.status == "SUCCEEDED", after.cause
    assert same(after.output, before.output)
    back = rewritten(machine(dict(found.state)), AT, "JSONPath")
    if back.state is not None:
        again = checked(after, 1, back)
        left_out = "fails" in again.after and any("left out" in note for note in back.notes)
        assert again.agrees or left_out, (again.differences, back.state)


def test_a_path_that_misses_is_no_part_of_the_data() -> None:
    """The generator above names only what is there."""
    value = {"a": [{"unit price": 1}]}
    for path in paths(value):
        try:
            compile_path(path).read(value)
        except (PathNotFound, PathFailed) as miss:
            pytest.fail(f"{path}: {miss}")


BROKEN: list[dict[str, Any]] = [
    {"Type": "Choice", "Choices": 5},
    {"Type": "Choice", "Choices": ["x", {"Next": "Done"}, {"And": 1, "Next": "Done"}]},
    {"Type": "Task", "Catch": [3, {"ErrorEquals": ["a"], "ResultPath": 7}], "Parameters": {"a.$": 4}},
    {"Type": "Pass", "ResultPath": ["$.a"], "InputPath": 3, "OutputPath": "$["},
    {"Type": "Map", "ItemReader": [], "ItemsPath": "States.Format('{')"},
    {"Type": "Pass", "Output": "{% ( %}", "Assign": {"a": "{% $x[ %}"}},
    {"Type": 3},
    {},
]


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("state", BROKEN)
def test_a_broken_state_has_reasons_and_no_exception(state: dict[str, Any], language: Any) -> None:
    document = {"StartAt": "Tried", "States": {"Tried": {**state, "QueryLanguage": language}}}
    found = rewritten(document, AT, "JSONata" if language == "JSONPath" else "JSONPath")
    assert (found.state is None) == bool(found.reasons)
