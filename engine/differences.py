"""What became different between two versions of a workflow, as the workflow means it: states, transitions and fields.

The order of members and the formatting of the texts make no difference. States are matched first: within the same flow by
name; what is left by content and by place in the flow (a state of the same type whose fields are mostly the same, between the
same neighbours) was renamed; what is left then and has its name in another flow was moved. Everything else follows from
the match: a transition to a state that was renamed is the same transition.

Retriers, catchers and rules are matched in order, so that one that is put in at the top is one that was added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from engine.outline import Block, Spot, blocks, inner_blocks, states_of, too_deep
from engine.pointer import under
from engine.values import Json, canonical, changes, same

Kind = Literal["added", "removed", "changed", "renamed", "moved", "redirected"]
About = Literal["machine", "state", "field", "transition"]

END = "End"
ALIKE = 0.55
"""How alike two states of different names must be to be one that was renamed: 1 is the same fields between the same states."""
MOST_PAIRS = 20_000
"""Beyond so many pairs of unmatched states only those with exactly the same fields are matched."""
ROUNDS = 3
"""Whose neighbours have been matched can be matched in the next round."""

_FLOWS = ("Branches", "ItemProcessor", "Iterator")
_LISTS = ("Choices", "Catch", "Retry")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that became different. `at` points into the version that has it: the new one unless it was removed."""

    kind: Kind
    about: About
    state: str
    """Its name now (before, if it was removed); empty for the machine."""
    field: str = ""
    """Which field or transition of the state: `TimeoutSeconds`, `Retry[0]/MaxAttempts`, `Choices[1]`."""
    before: Json = None
    after: Json = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """All differences between two versions."""

    entries: tuple[Difference, ...] = ()
    matched: Mapping[str, str] = field(default_factory=dict)
    """Pointer of each state before → its pointer after, of the states that are in both."""
    flows: Mapping[str, str] = field(default_factory=dict)
    """The same for blocks: "" is the machine."""

    @property
    def same(self) -> bool:
        """Do both versions mean the same?"""
        return not self.entries

    def counts(self) -> dict[tuple[About, Kind], int]:
        """How many differences of each sort."""
        found: dict[tuple[About, Kind], int] = {}
        for entry in self.entries:
            found[entry.about, entry.kind] = found.get((entry.about, entry.kind), 0) + 1
        return found


def differences(before: Json, after: Json) -> Differences:
    """What became different from one document to the other. Anything may be given; what is no workflow has no states."""
    if too_deep(before) or too_deep(after):
        return Differences(() if same(before, after) else (Difference("changed", "machine", ""),))
    old, new = _Version(before), _Version(after)
    match = _Match(old, new)
    entries = [*_machine(before, after), *match.starts()]
    for spot in new.spots.values():
        origin = match.backward.get(spot.at)
        if origin is None:
            entries.append(Difference("added", "state", spot.name, after=_own(spot.source), at=spot.at))
        else:
            entries += _state(old.spots[origin], spot, match)
    for spot in old.spots.values():
        if spot.at not in match.forward:
            entries.append(Difference("removed", "state", spot.name, before=_own(spot.source), at=spot.at))
    return Differences(tuple(entries), match.forward, match.flows)


# Which state is which -------------------------------------------------------------------------------------------------


class _Version:
    """One version, opened up: its blocks and states by pointer, and who leads to whom."""

    def __init__(self, document: Json) -> None:
        self.blocks: dict[str, Block] = {block.at: block for block in blocks(document)}
        self.spots: dict[str, Spot] = {}
        self.inside: dict[str, list[Spot]] = {}
        for block in self.blocks.values():
            found = list(states_of(block, "JSONPath"))
            self.inside[block.at] = found
            self.spots |= {spot.at: spot for spot in found}
        self.near: dict[str, set[tuple[str, str]]] = {at: set() for at in self.spots}
        for spot in self.spots.values():
            for _, target in ways(spot):
                there = under(spot.block.at, ("States", target))
                if target != END and there in self.near:
                    self.near[spot.at].add(("to", there))
                    self.near[there].add(("from", spot.at))
        for block in self.blocks.values():
            start = under(block.at, ("States", str(block.source.get("StartAt"))))
            if start in self.near:
                self.near[start].add(("from", f"{block.at}/StartAt"))


class _Match:
    """The states and blocks of one version beside those of another."""

    def __init__(self, old: _Version, new: _Version) -> None:
        self.old, self.new = old, new
        self.forward: dict[str, str] = {}
        self.backward: dict[str, str] = {}
        self.flows: dict[str, str] = {}
        if "" in old.blocks and "" in new.blocks:
            self.flow("", "")
        self.moved()

    def pair(self, old: Spot, new: Spot) -> None:
        self.forward[old.at], self.backward[new.at] = new.at, old.at

    def flow(self, old: str, new: str) -> None:
        """Two blocks that are one: their states, and the blocks within those."""
        self.flows[old] = new
        ours, theirs = self.old.inside[old], {spot.name: spot for spot in self.new.inside[new]}
        for spot in ours:
            if spot.name in theirs:
                self.pair(spot, theirs[spot.name])
        for _ in range(ROUNDS):
            known = len(self.forward)
            self.renamed(
                [spot for spot in ours if spot.at not in self.forward],
                [spot for spot in theirs.values() if spot.at not in self.backward],
            )
            if len(self.forward) == known:
                break
        for spot in ours:
            if spot.at in self.forward:
                self.inner(spot, self.new.spots[self.forward[spot.at]])

    def inner(self, old: Spot, new: Spot) -> None:
        """The blocks of two states that are one: processors, and branches in their order."""
        ours, theirs = list(inner_blocks(old)), list(inner_blocks(new))
        for (old_at, _), (new_at, _) in zip(ours, theirs, strict=False):
            if (
                old_at in self.old.blocks
                and new_at in self.new.blocks
                and ("Branches" in old_at) == ("Branches" in new_at)
            ):
                self.flow(old_at, new_at)

    def renamed(self, ours: Sequence[Spot], theirs: Sequence[Spot]) -> None:
        """The likeliest pairs first."""
        few = len(ours) * len(theirs) <= MOST_PAIRS
        scores: list[tuple[float, int, int]] = []
        plain = [_own(spot.source) for spot in theirs]
        written = [canonical(own) for own in plain]
        for index, spot in enumerate(ours):
            own = _own(spot.source)
            wanted = canonical(own)
            for other, candidate in enumerate(theirs):
                if wanted == written[other] or (few and spot.type == candidate.type):
                    score = self.alike(spot, own, candidate, plain[other])
                    if score >= ALIKE:
                        scores.append((-score, index, other))
        for _, index, other in sorted(scores):
            if ours[index].at not in self.forward and theirs[other].at not in self.backward:
                self.pair(ours[index], theirs[other])

    def alike(self, old: Spot, own: Mapping[str, Json], new: Spot, other: Mapping[str, Json]) -> float:
        """Two thirds content, one third neighbours, as far as those are matched."""
        names = (own.keys() | other.keys()) - {"Type", "Comment", "QueryLanguage"}
        equal = sum(name in own and name in other and same(own[name], other[name]) for name in names)
        content = equal / len(names) if names else 0.5
        flows = {old.block.at: new.block.at}
        near = {(way, self.forward.get(at) or _start(at, flows)) for way, at in self.old.near[old.at]}
        known = {pair for pair in near if pair[1]}
        around = self.new.near[new.at]
        place = len(known & around) / max(len(near), len(around), 1)
        return 2 / 3 * content + 1 / 3 * place

    def moved(self) -> None:
        """What is left over and has its name in another flow; the flows within it, too."""
        left = {spot.name: spot for spot in self.new.spots.values() if spot.at not in self.backward}
        for spot in list(self.old.spots.values()):
            there = left.get(spot.name)
            if (
                spot.at not in self.forward
                and there is not None
                and there.at not in self.backward
                and spot.type == there.type
            ):
                self.pair(spot, there)
                self.inner(spot, there)

    def starts(self) -> Iterator[Difference]:
        """The beginnings and the own fields of flows that are in both versions."""
        for old, new in self.flows.items():
            ours, theirs = self.old.blocks[old], self.new.blocks[new]
            owner = theirs.owner.name if theirs.owner else ""
            first, other = ours.source.get("StartAt"), theirs.source.get("StartAt")
            if not same(self.target(old, first), self.target(new, other, now=True)):
                yield Difference("redirected", "transition", owner, "StartAt", first, other, under(new, ("StartAt",)))
            if theirs.owner is not None:
                at = new[len(theirs.owner.at) + 1 :]
                left, right = _block_fields(ours.source), _block_fields(theirs.source)
                yield from _fields(owner, left, right, theirs.owner.at, f"{at}/")

    def target(self, block: str, name: Json, now: bool = False) -> Json:
        """Where a name leads, said in pointers of the new version; a name of no state stays itself."""
        if not isinstance(name, str) or name == END:
            return name
        at = under(block, ("States", name))
        if now:
            return at if at in self.new.spots else name
        return self.forward.get(at, f"- {name}" if at in self.old.spots else name)


def _start(at: str, flows: Mapping[str, str]) -> str:
    block = at.removesuffix("/StartAt")
    return f"{flows[block]}/StartAt" if at.endswith("/StartAt") and block in flows else ""


# What became different in one state -----------------------------------------------------------------------------------


def ways(spot: Spot) -> Iterator[tuple[str, str]]:
    """Field and target of every way out of a state; `End` for the end. A rule or catcher is named with its index."""
    source = spot.source
    for name in ("Choices", "Catch"):
        entries = source.get(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and isinstance(entry.get("Next"), str):
                yield f"{name}[{index}]", entry["Next"]
    for name in ("Default", "Next"):
        if isinstance(source.get(name), str):
            yield name, source[name]
    if source.get("End") is True and not isinstance(source.get("Next"), str):
        yield END, END


def _state(old: Spot, new: Spot, match: _Match) -> Iterator[Difference]:
    if match.flows.get(old.block.at) != new.block.at:
        yield Difference("moved", "state", new.name, before=old.block.at, after=new.block.at, at=new.at)
    elif old.name != new.name:
        yield Difference("renamed", "state", new.name, before=old.name, after=new.name, at=new.at)
    yield from _fields(new.name, _plain(old.source), _plain(new.source), new.at)
    aligned: dict[str, str] = {"Next": "Next", "Default": "Default"}
    for name in _LISTS:
        ours, theirs = _entries(old.source, name), _entries(new.source, name)
        pairs = _aligned([_condition(entry) for entry in ours], [_condition(entry) for entry in theirs])
        for index, other in pairs:
            here = f"{name}[{index if other is None else other}]"
            if index is None and other is not None:
                if name == "Retry":
                    yield Difference("added", "field", new.name, here, None, theirs[other], f"{new.at}/{here}")
            elif other is None and index is not None:
                if name == "Retry":
                    yield Difference("removed", "field", new.name, here, ours[index], None, f"{old.at}/{here}")
            elif index is not None and other is not None:
                aligned[f"{name}[{index}]"] = here
                left, right = _condition(ours[index]), _condition(theirs[other])
                yield from _fields(new.name, left, right, new.at, f"{here}/")
    yield from _transitions(old, new, aligned, match)


def _transitions(old: Spot, new: Spot, aligned: Mapping[str, str], match: _Match) -> Iterator[Difference]:
    before = {("Next" if way == END else way): target for way, target in ways(old)}
    after = {("Next" if way == END else way): target for way, target in ways(new)}
    seen = set()
    for way, target in before.items():
        there = aligned.get(way)
        if there is None or there not in after:
            yield Difference("removed", "transition", new.name, way, _told(old, way, target), None, f"{old.at}/{way}")
            continue
        seen.add(there)
        now = match.target(new.block.at, after[there], now=True)
        if not same(match.target(old.block.at, target), now):
            field = END if after[there] == END else there
            yield Difference("redirected", "transition", new.name, there, target, after[there], f"{new.at}/{field}")
    for way, target in after.items():
        if way not in seen:
            field = END if target == END else way
            yield Difference("added", "transition", new.name, way, None, _told(new, way, target), f"{new.at}/{field}")


def _told(spot: Spot, way: str, target: str) -> Json:
    """A rule or catcher whole, another way by its target."""
    name, _, rest = way.partition("[")
    return _entries(spot.source, name)[int(rest[:-1])] if rest else target


def _fields(state: str, before: Json, after: Json, at: str, prefix: str = "") -> Iterator[Difference]:
    for change in changes(before, after):
        path = under("", change.path).removeprefix("/")
        kind: Kind = "added" if change.kind == "added" else "removed" if change.kind == "removed" else "changed"
        name = f"{prefix}{path}"
        yield Difference(kind, "field", state, name, change.before, change.after, f"{at}/{name}")


def _machine(before: Json, after: Json) -> Iterator[Difference]:
    left, right = _block_fields(before), _block_fields(after)
    for entry in _fields("", left, right, ""):
        yield Difference(entry.kind, "machine", "", entry.field, entry.before, entry.after, entry.at)


# The parts that are compared ------------------------------------------------------------------------------------------


def _block_fields(block: Json) -> Json:
    return (
        {name: value for name, value in block.items() if name not in ("States", "StartAt")}
        if isinstance(block, Mapping)
        else {}
    )


def _own(state: Mapping[str, Json]) -> dict[str, Json]:
    """A state without its transitions and inner flows."""
    found = _plain(state)
    for name in _LISTS:
        if entries := _entries(state, name):
            found[name] = [_condition(entry) for entry in entries]
    return found


def _plain(state: Mapping[str, Json]) -> dict[str, Json]:
    """A state's fields that are neither transitions, nor lists that are matched by entry, nor inner flows."""
    left_out = {"Next", "End", "Default", *_FLOWS}
    return {
        name: value
        for name, value in state.items()
        if name not in left_out and not (name in _LISTS and isinstance(value, list))
    }


def _entries(state: Mapping[str, Json], name: str) -> list[Json]:
    entries = state.get(name)
    return entries if isinstance(entries, list) else []


def _condition(entry: Json) -> Json:
    """A rule, catcher or retrier without its target; the order of error names has no meaning."""
    if not isinstance(entry, dict):
        return entry
    found = {name: value for name, value in entry.items() if name != "Next"}
    names = found.get("ErrorEquals")
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        found["ErrorEquals"] = sorted(names)
    return found


def _aligned(before: Sequence[Json], after: Sequence[Json]) -> list[tuple[int | None, int | None]]:
    """Which entry is which: equal ones in order, then those between them in order, then what is left over."""
    pairs: list[tuple[int | None, int | None]] = []
    matcher = SequenceMatcher(
        None, [canonical(entry) for entry in before], [canonical(entry) for entry in after], False
    )
    for _, start, end, other, last in matcher.get_opcodes():
        for step in range(max(end - start, last - other)):
            index, twin = start + step, other + step
            pairs.append((index if index < end else None, twin if twin < last else None))
    return pairs
