"""The table of fields is whole: what it refers to exists, and every row can be shown to a person."""

from __future__ import annotations

import typing

import pytest

from engine.fields import FIELDS, ONE_OF, STATE_TYPES, Field, Kind, fields_of, offered
from engine.model import StateType

PARTS = {part for field in FIELDS for part in field.on}


def test_types_are_those_of_the_model() -> None:
    assert set(STATE_TYPES) == set(typing.get_args(StateType))


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.on[0]}.{field.name}")
def test_rows(field: Field) -> None:
    assert field.help.endswith(".")
    assert field.kind in typing.get_args(Kind)
    assert not field.part or field.part in PARTS
    assert not field.values or field.kind == "one of"
    for part in field.on:
        known = fields_of(part)
        assert known[field.name] is field, f"{field.name} stands twice on {part}"
        assert not field.deprecated or field.deprecated in known
        for rival in field.either_with:
            assert field.name in known[rival].either_with


def test_groups_name_fields() -> None:
    for part, groups in ONE_OF.items():
        for group in groups:
            assert set(group) <= set(fields_of(part))


def test_a_language_is_offered_its_own_fields() -> None:
    jsonata = [field.name for field in offered("Task", "JSONata")]
    assert "Arguments" in jsonata and "Parameters" not in jsonata
    assert "Iterator" not in [field.name for field in offered("Map", "JSONPath")]
    assert next(iter(jsonata)) == "Comment"
