"""Every block and state of a document, wherever it is nested, without understanding it: for rules that look at them all.

Tolerant by design: it goes through what has the right shape and passes over the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from engine.model import Language
from engine.pointer import under
from engine.values import Json

DEEPEST = 50
"""Blocks within blocks. The service has a limit too, and does not publish it."""
DEEPEST_VALUE = 250
"""Objects and arrays within each other, over the whole definition."""


@dataclass(frozen=True, slots=True)
class Block:
    """An object with `States`: the machine (`at` is empty), a branch or a processor."""

    at: str
    source: Mapping[str, Json]
    states: Mapping[str, Json]
    owner: Spot | None
    """The Parallel or Map state that it belongs to."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A state that is an object, with its name, its place and its query language."""

    name: str
    at: str
    source: Mapping[str, Json]
    block: Block
    language: Language

    @property
    def type(self) -> str:
        found = self.source.get("Type")
        return found if isinstance(found, str) else ""


def too_deep(value: Json, deepest: int = DEEPEST_VALUE) -> bool:
    """Are objects and arrays nested in each other more often than anything here goes down?"""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(deepest):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def machine_language(document: Mapping[str, Json]) -> Language:
    """JSONPath only when exactly that is written, or nothing; any other value is taken for JSONata, as the service does."""
    return "JSONPath" if document.get("QueryLanguage", "JSONPath") == "JSONPath" else "JSONata"


def blocks(document: Json) -> Iterator[Block]:
    """All blocks, the machine first, each before the blocks inside it."""
    if isinstance(document, dict):
        yield from _blocks(document, "", None, machine_language(document), 0)


def spots(document: Json) -> Iterator[Spot]:
    """All states, block by block."""
    for block in blocks(document):
        yield from states_of(block, machine_language(document))


def states_of(block: Block, language: Language) -> Iterator[Spot]:
    """The states of one block. A state without a QueryLanguage takes the machine's, however deep it stands."""
    for name, source in block.states.items():
        if isinstance(source, dict):
            own = source.get("QueryLanguage")
            spoken = cast(Language, own) if own in ("JSONPath", "JSONata") else language
            yield Spot(str(name), under(block.at, ["States", name]), source, block, spoken)


def is_distributed(spot: Spot) -> bool:
    """Is this a Map in distributed mode?"""
    processor = spot.source.get("ItemProcessor", spot.source.get("Iterator"))
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"


def inner_blocks(spot: Spot) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Place and source of the blocks that a Parallel or Map state holds."""
    for name in ("ItemProcessor", "Iterator"):
        processor = spot.source.get(name)
        if isinstance(processor, dict):
            yield under(spot.at, [name]), processor
    branches = spot.source.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else []):
        if isinstance(branch, dict):
            yield under(spot.at, ["Branches", index]), branch


def targets(spot: Spot) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where a state can go next: the steps from the state to the name, and the name."""
    source = spot.source
    if isinstance(source.get("Next"), str):
        yield ("Next",), source["Next"]
    for field in ("Choices", "Catch"):
        entries = source.get(field)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and isinstance(entry.get("Next"), str):
                yield (field, index, "Next"), entry["Next"]
    if isinstance(source.get("Default"), str):
        yield ("Default",), source["Default"]


def _blocks(source: Mapping[str, Json], at: str, owner: Spot | None, language: Language, depth: int) -> Iterator[Block]:
    states = source.get("States")
    block = Block(at, source, states if isinstance(states, dict) else {}, owner)
    yield block
    if depth >= DEEPEST:
        return
    for spot in states_of(block, language):
        for place, inner in inner_blocks(spot):
            yield from _blocks(inner, place, spot, language, depth + 1)
