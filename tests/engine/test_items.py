"""Items of a distributed Map: what is read, how it is batched, what is written. Tables in tests/cases/items."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StatesError
from engine.items import Items, batches, items_of, read_items
from engine.model import ItemReader, ResultWriter
from engine.results import Child, written
from engine.values import Sizes

CASES = Path(__file__).parent.parent / "cases" / "items"


def table(name: str) -> list[Any]:
    groups = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    groups = groups if isinstance(groups, list) else [groups]
    return [pytest.param(group["given"] | case, id=case["name"]) for group in groups for case in group["cases"]]


def objects(case: dict[str, Any]) -> dict[str, str | bytes]:
    packed = {key: gzip.compress(body.encode()) for key, body in case.get("gzip", {}).items()}
    return case.get("objects", {}) | packed | {key: bytes.fromhex(body) for key, body in case.get("bytes", {}).items()}


@pytest.mark.parametrize("case", table("reading"))
def test_reading(case: dict[str, Any]) -> None:
    reader = ItemReader(f"arn:aws:states:::{case['resource']}", None, case["config"])

    def read() -> Items:
        return read_items(reader, case["parameters"], case.get("max_items"), objects(case), modified=1_700_000_000)

    if "error" in case:
        with pytest.raises(StatesError) as caught:
            read()
        assert [caught.value.name, caught.value.cause] == case["error"]
        return
    items = read()
    if "keys_only" in case:
        assert [value["Key"] for value in items.values] == case["keys_only"]
        return
    assert items.values == case["values"]
    assert items.keys == case.get("keys")
    assert items.sources == case.get("sources", items.sources)


@pytest.mark.parametrize("case", table("batches"))
def test_batches(case: dict[str, Any]) -> None:
    given = (case["items"], case.get("max_items"), case.get("max_bytes"), case.get("batch_input"), Sizes())
    if "error" in case:
        with pytest.raises(StatesError) as caught:
            batches(*given)
        assert [caught.value.name, caught.value.cause] == case["error"]
    else:
        assert batches(*given) == case["batches"]


def test_no_batch_grows_over_the_quota() -> None:
    made = batches(["x" * 100_000] * 5, None, None, None, Sizes())
    assert [len(batch["Items"]) for batch in made] == [2, 2, 1]


@pytest.mark.parametrize("case", table("writing"))
def test_writing(case: dict[str, Any]) -> None:
    shape = case["writer"]
    writer = shape and ResultWriter(shape.get("resource"), None, shape.get("config", {}))
    children = [Child(**child) for child in case["children"] + ([case["failed"]] if case.get("with_failed") else [])]
    if "error" in case:
        with pytest.raises(StatesError) as caught:
            written(writer, case.get("parameters"), children, case["map_run_arn"])
        assert [caught.value.name, caught.value.cause] == case["error"]
        return
    answer = written(writer, case.get("parameters"), children, case["map_run_arn"])
    if "first_is" in case:
        assert answer.result[0] == case[case["first_is"]]
    if "last_is" in case:
        assert answer.result[-1] == case[case["last_is"]]
    if "result" in case:
        assert answer.result == case["result"]
    for key, content in case.get("lines", {}).items():
        assert answer.files[key] == content
    if "files" in case:
        expected = {key: [case[v] if v == "failed_record" else v for v in value] if isinstance(value, list) else value
                    for key, value in case["files"].items()}  # fmt: skip
        assert {key: json.loads(content) for key, content in answer.files.items()} == expected


def test_the_context_of_an_item() -> None:
    """Arrays have an index, objects a key as well; the source is where the item was read."""
    assert items_of([5, 6]).context(1) == {"Index": 1, "Value": 6, "Source": "STATE_DATA"}
    assert items_of({"a": 5}).context(0) == {"Index": 0, "Value": 5, "Key": "a", "Source": "STATE_DATA"}
    assert Items([7], ["S3://b/k"]).context(0) == {"Index": 0, "Value": 7, "Source": "S3://b/k"}
    assert items_of("text") is None
