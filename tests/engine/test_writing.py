"""Edited documents written back: what is read from the text is the document, and few lines are others."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import edit
from engine.outline import spots
from engine.source import load
from engine.values import same
from engine.writing import CannotWrite, fresh, names, spans, written

CASES = Path(__file__).parent.parent / "cases" / "writing"
TABLE = [(path.stem, case) for path in sorted(CASES.glob("*.json")) for case in json.loads(path.read_text("utf-8"))]


def lines_changed(before: str, after: str) -> int:
    """Lines that went or came."""
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0)
    return sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in told)


@pytest.mark.parametrize(("topic", "case"), TABLE, ids=[f"{topic}: {case['name']}" for topic, case in TABLE])
def test_the_table(topic: str, case: dict[str, Any]) -> None:
    text = "\n".join(case["text"])
    path = f"x.{topic.split('-')[0]}"
    document = load(text, path=path).value
    for at, *value in case["do"]:
        document = (edit.put(document, at, value[0]) if value else edit.drop(document, at)).document
    result = written(text, document, path=path)
    assert result.split("\n") == case["written"]
    assert same(load(result, path=path).value, document)


# Any document -------------------------------------------------------------------------------------------------------

keys = st.sampled_from(["a", "b", "Next", "c d", "e/f", 'q"', "Ünï", "", "g: h", "- i", "yes", "1", "${x}"])
texts = st.one_of(
    keys, st.text(max_size=6), st.sampled_from(["true", "null", "1.5", "~", "a\nb", " x", "# c", "{% $a %}", "\u2028"])
)
plain = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 99), st.floats(allow_nan=False, allow_infinity=False), texts
)
values = st.recursive(
    plain, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)), max_leaves=15
)
documents = st.dictionaries(keys, values, min_size=1, max_size=5)


def changed(data: st.DataObject, value: Any) -> Any:
    """The value with something else somewhere in it."""
    if isinstance(value, dict) and value:
        found = dict(value)
        match data.draw(st.integers(0, 4)):
            case 0:
                del found[data.draw(st.sampled_from(sorted(found)))]
            case 1:
                found[data.draw(keys)] = data.draw(values)
            case 2:
                new, old = data.draw(keys), data.draw(st.sampled_from(sorted(found)))
                found = {
                    new if name == old else name: inner for name, inner in found.items() if name != new or new == old
                }
            case _:
                name = data.draw(st.sampled_from(sorted(found)))
                found[name] = changed(data, found[name])
        return found
    if isinstance(value, list) and value:
        entries = list(value)
        index = data.draw(st.integers(0, len(entries) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                del entries[index]
            case 1:
                entries.insert(index, data.draw(values))
            case _:
                entries[index] = changed(data, entries[index])
        return entries
    return data.draw(values)


LAYOUTS = [{"indent": 2}, {"indent": 4}, {"indent": "\t"}, {}, {"separators": (",", ":")}, {"indent": 1}]


@settings(max_examples=100)
@given(st.data(), documents, st.sampled_from(LAYOUTS), st.booleans())
def test_json_holds_what_was_edited(data: st.DataObject, before: Any, layout: dict[str, Any], windows: bool) -> None:
    text = json.dumps(before, ensure_ascii=False, **layout) + "\n"
    text = text.replace("\n", "\r\n") if windows else text
    after = before
    for _ in range(data.draw(st.integers(1, 3))):
        after = changed(data, after)
    if not isinstance(after, dict) or "Resources" in after:
        return
    result = written(text, after, path="x.json")
    assert same(load(result, path="x.json").value, after)
    assert "\r" not in result.replace("\r\n", "") or not windows
    assert result.endswith("\r\n" if windows else "\n")


@settings(max_examples=100)
@given(st.data(), documents)
def test_yaml_holds_what_was_edited(data: st.DataObject, before: Any) -> None:
    text = fresh(before, "yaml")
    after = before
    for _ in range(data.draw(st.integers(1, 3))):
        after = changed(data, after)
    if isinstance(after, dict) and "Resources" not in after:
        assert same(load(written(text, after, path="x.yaml"), path="x.yaml").value, after)


@settings(max_examples=60)
@given(st.data(), documents)
def test_what_did_not_change_keeps_its_text(data: st.DataObject, before: Any) -> None:
    """One value is another: the text around it is what it was, character by character."""
    text = json.dumps(before, ensure_ascii=False, indent=3)
    name = data.draw(st.sampled_from(sorted(before)))
    after = {**before, name: data.draw(plain)}
    result = written(text, after, path="x.json")
    start, end = spans(text)[f"/{name}"]
    assert result.startswith(text[:start])
    assert result.endswith(text[end:])


def test_places_of_values_and_names() -> None:
    text = '{"a": [1, {"b": ${hole}}]}'
    assert {at: text[start:end] for at, (start, end) in spans(text).items()} == {
        "/": text,
        "/a": '[1, {"b": ${hole}}]',
        "/a[0]": "1",
        "/a[1]": '{"b": ${hole}}',
        "/a[1]/b": "${hole}",
    }
    assert {at: text[start:end] for at, (start, end) in names(text).items()} == {"/a": '"a"', "/a[1]/b": '"b"'}


@pytest.mark.parametrize("kind", ["json", "yaml"])
@settings(max_examples=60)
@given(documents)
def test_a_new_text_holds_the_document(kind: Any, document: Any) -> None:
    assert same(load(fresh(document, kind), path=f"x.{kind}").value, document)


CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "asl"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of published definitions is not at hand")
def test_published_definitions_keep_their_lines() -> None:
    """A comment is put in and a state renamed: few lines are others, in every published file."""
    for path in sorted(CORPUS.glob("*.json")):
        text = path.read_bytes().decode("utf-8")
        document = load(text).value
        spot = next(spots(document), None) if isinstance(document, dict) else None
        if spot is None:
            continue
        commented = edit.put(document, f"{spot.at}/Comment", "A note").document
        renamed = edit.rename(document, spot.at, "A name that nobody has").document
        references = json.dumps(document).count(json.dumps(spot.name))
        for after, most in ((commented, 3), (renamed, 2 * references)):
            result = written(text, after)
            assert same(load(result).value, after), path.name
            assert lines_changed(text, result) <= most or "\n" not in text.strip(), path.name


def test_a_new_text_is_laid_out_as_the_console_does() -> None:
    """Two blanks a level, a member or entry on each line."""
    bread = {"StartAt": "Bake", "States": {"Bake": {"Type": "Pass", "Result": [1, {}], "End": True}}}
    assert fresh(bread, "json") == json.dumps(bread, indent=2) + "\n"


def test_the_first_state_of_an_empty_workflow_is_laid_out_as_the_console_does() -> None:
    bread = {"StartAt": "Bake", "States": {"Bake": {"Type": "Pass", "End": True}}}
    assert written("{}", bread) == written('{"States": {}}', bread) == json.dumps(bread, indent=2) + "\n"


def test_places_in_a_template() -> None:
    text = """Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Ask
        States:
          Ask: {Type: Pass, End: true}  # the end
"""
    found = {at: text[start:end] for at, (start, end) in spans(text, "x.yaml").items()}
    assert found["/States/Ask"] == "{Type: Pass, End: true}"
    assert found["/StartAt"] == "Ask"
    assert {text[start:end] for start, end in names(text, "x.yaml").values()} >= {"StartAt", "States", "Ask", "Type"}


def test_what_is_put_together_at_deployment_cannot_be_written() -> None:
    text = json.dumps(
        {
            "Resources": {
                "M": {
                    "Type": "AWS::StepFunctions::StateMachine",
                    "Properties": {
                        "DefinitionString": {
                            "Fn::Join": ["", ['{"StartAt":"A","States":{"A":', '{"Type":"Succeed"}}}']]
                        }
                    },
                }
            }
        }
    )
    document = load(text).value
    with pytest.raises(CannotWrite):
        written(text, edit.put(document, "/Comment", "x").document)


@pytest.mark.parametrize("depth", [240, 260, 480])
def test_deep_values_are_written_or_refused(depth: int) -> None:
    text = '{"States": {}, "a": ' + "[" * depth + "1" + "]" * depth + "}"
    document = {**load(text).value, "Comment": "x"}
    try:
        assert same(load(written(text, document)).value, document)
    except CannotWrite as no:
        assert no.text and depth > 240
