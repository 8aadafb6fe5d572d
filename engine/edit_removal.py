"""States taken out of a flow, and the flow closed up behind them.

Whoever led to a state that is gone leads to what followed it. Where nothing followed, the flow ends there: a state gets
`End: true`, a rule, Default or catcher goes. A Choice that loses its last rule keeps it, leading to a new Succeed; one that
loses every way goes too. What only the removed states led to goes with them: the handler of a task's errors, the other
branches of a Choice. Behind a Choice, the branch goes on that leaves most of the flow.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import chain

from engine.edit_flow import MOVING, Way, ends, kind_of, reached, states_in, targets_of, ways_of
from engine.edit_names import free_name, names_in, redirected
from engine.edit_places import Home, NotPossible, homes, steps_of, value_at, with_value, without
from engine.outline import Block, blocks
from engine.pointer import under
from engine.values import Json

_BARE = frozenset(("Type", "Next", "End", "Comment"))


def without_states(document: Json, nodes: Iterable[str]) -> Json:
    """The document without some states; `nodes` may also name targets that do not exist, and the ways to them go.

    A branch that is left without states goes, if others remain; the last branch and a processor get a Pass instead.

    Raises:
        NotPossible: the flow would have no end any more, or a group no state.
    """
    chosen = _by_block(document, nodes)
    emptied: list[Block] = []
    for block, gone in sorted(chosen, key=lambda pair: -len(steps_of(pair[0]))):
        source = value_at(document, steps_of(block))
        closed = closed_up(source, gone, names_in(document))
        if not states_in(closed):
            emptied.append(block)
        document = with_value(document, steps_of(block), closed)
    for block in sorted(emptied, key=lambda block: (-len(steps_of(block)), _reversed(steps_of(block)[-1:]))):
        document = _filled(document, block)
    return document


def _reversed(last: tuple[str | int, ...]) -> int:
    return -last[0] if last and isinstance(last[0], int) else 0


def _by_block(document: Json, nodes: Iterable[str]) -> list[tuple[Block, set[str]]]:
    """The names to take out, block by block; states inside a state that goes anyway are left out."""
    known = homes(document)
    wanted = dict.fromkeys(nodes)
    outer = [node for node in wanted if node not in known or not is_inside(known[node], wanted)]
    found: dict[str, tuple[Block, set[str]]] = {}
    for node in outer:
        home = known.get(node)
        block, name = (home.block, home.name) if home is not None else _missing(document, node)
        found.setdefault(block.at, (block, set()))[1].add(name)
    return list(found.values())


def is_inside(home: Home, nodes: Container[str]) -> bool:
    """Does a state stand in one of some groups, however deep?"""
    owner = home.block.owner
    while owner is not None and owner.at not in nodes:
        owner = owner.block.owner
    return owner is not None


def _missing(document: Json, node: str) -> tuple[Block, str]:
    """The block that leads to a state which does not exist, and its name."""
    for block in sorted(blocks(document), key=lambda block: -len(block.at)):
        prefix = under(block.at, ("States", ""))
        name = node.removeprefix(prefix)
        aims = {target for state in block.states.values() for target in targets_of(state)}
        start = block.source.get("StartAt")
        if node.startswith(prefix) and (name in aims or (isinstance(start, str) and name == start)):
            return block, name
    raise NotPossible("There is no state “{name}”.", name=node.rpartition("/")[2] or node)


def _filled(document: Json, block: Block) -> Json:
    """What becomes of a block without states."""
    owner, steps = block.owner, steps_of(block)
    if owner is None:
        return document
    if isinstance(steps[-1], int) and len(value_at(document, steps[:-1])) > 1:
        return without(document, steps)
    if len(block.states) == 1 and is_idle(next(iter(block.states.values()))):
        raise NotPossible("“{name}” needs a state inside.", name=owner.name)
    name = free_name("Pass", names_in(document))
    filled = {**block.source, "StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}
    return with_value(document, steps, filled)


def is_idle(state: Json) -> bool:
    """A Pass state that hands on what it gets."""
    return kind_of(state) == "Pass" and state.keys() <= _BARE


def closed_up(source: Mapping[str, Json], gone: set[str], taken: set[str]) -> dict[str, Json]:
    """A block without some states, whoever led to them leading on. `taken` are the names of the machine."""
    whole = not (states_in(source).keys() - reached(source))
    for finish in (False, True):
        after = _closed(source, set(gone), taken, finish)
        if whole:
            after = _kept(after, reached(after))
        if not states_in(after) or ends(after) or not ends(source):
            return after
    raise NotPossible("The flow would have no end any more.")


def _kept(source: dict[str, Json], names: set[str]) -> dict[str, Json]:
    states = states_in(source)
    if names >= states.keys():
        return source
    return {**source, "States": {name: state for name, state in states.items() if name in names}}


def _closed(source: Mapping[str, Json], gone: set[str], taken: set[str], finish: bool) -> dict[str, Json]:
    """One try. With `finish`, ways of a Choice that lead nowhere lead to a Succeed instead of going away."""
    states = states_in(source)
    while True:
        follow = _followers(states, gone)
        done = free_name("Succeed", taken)
        found: dict[str, Json] = {}
        void: set[str] = set()
        for name, state in states.items():
            if name in gone:
                continue
            if kind_of(state) == "Choice":
                state = _choice(state, follow, done, finish)
                if state is None:
                    void.add(name)
                    continue
            found[name] = redirected(state, lambda target, follow=follow: follow.get(target, target))  # type: ignore[misc]
        if not void:
            break
        gone = gone | void
    if any(done in targets_of(state) for state in found.values()) and done not in found:
        found[done] = {"Type": "Succeed"}
    after = {**source, "States": found}
    start = source.get("StartAt")
    if isinstance(start, str) and start in gone:
        moved = follow[start] or next((t for t in _tries(states, start, gone) if t in found), next(iter(found), None))
        if moved is None:
            del after["StartAt"]
        else:
            after["StartAt"] = moved
    return after


def _choice(state: Json, follow: Mapping[str, str | None], done: str, finish: bool) -> Json:
    """A Choice with its ways redirected; None when it loses all of them."""
    rules = state.get("Choices")
    if not isinstance(rules, list):
        return state
    lost = [
        index
        for index, rule in enumerate(rules)
        if isinstance(rule, dict) and isinstance(rule.get("Next"), str) and follow.get(rule["Next"], "") is None
    ]
    default = state.get("Default")
    keeps = isinstance(default, str) and follow.get(default, "") is not None
    if not lost and (keeps or not finish):
        return state
    if rules and len(lost) == len(rules) and not keeps and not finish:
        return None
    saved = set(lost) if finish else set(lost[:1]) if len(lost) == len(rules) else set()
    state = {**state, "Choices": [{**r, "Next": done} if i in saved else r for i, r in enumerate(rules)]}
    if finish and isinstance(state.get("Default"), str) and not keeps:
        state["Default"] = done
    return state


def follower(states: Mapping[str, Json], name: str, gone: set[str]) -> str | None:
    """The state behind `name` that stays and goes on, None where the flow ends.

    Behind a Choice there may be several: one that comes to an end, and of those the one with most behind it.
    """
    exits: dict[str, None] = {}
    passed, seen = [name], {name}
    for each in passed:
        for target in _onward(states.get(each)):
            if target not in gone:
                exits.setdefault(target)
            elif target not in seen:
                seen.add(target)
                passed.append(target)
    if len(exits) < 2:
        return next(iter(exits), None)
    left = {key: state for key, state in states.items() if key not in gone}

    def rank(target: str) -> tuple[bool, int]:
        behind = reached({"StartAt": target, "States": left})
        return ends({"States": {key: left[key] for key in behind}}), len(behind)

    return max(exits, key=rank)


def _followers(states: Mapping[str, Json], gone: set[str]) -> dict[str, str | None]:
    """`follower` of every state that goes; what is said of the end of a chain holds for all of it."""
    found: dict[str, str | None] = {}
    for name in gone:
        chain_of = [name]
        while chain_of[-1] not in found:
            onward = _onward(states.get(chain_of[-1]))
            if len(onward) != 1 or onward[0] not in gone or onward[0] in chain_of[:-1] or len(chain_of) > len(gone):
                found[chain_of[-1]] = follower(states, chain_of[-1], gone)
                break
            chain_of.append(onward[0])
        for each in chain_of[:-1]:
            found[each] = found[chain_of[-1]]
    return found


def _onward(state: Json) -> tuple[str, ...]:
    """Where a state leads when nothing goes wrong; a Choice first by its Default."""
    if kind_of(state) == "Choice":
        default = state.get("Default")
        first = (default,) if isinstance(default, str) else ()
        return (*first, *(target for way, target in ways_of("", state) if way.field == "Choices" and target))
    if kind_of(state) in MOVING and isinstance(state.get("Next"), str):
        return (state["Next"],)
    return ()


def _tries(states: Mapping[str, Json], start: str, gone: set[str]) -> list[str]:
    """States that the removed ones led to in any way, nearest first."""
    found: list[str] = []
    ahead, seen = [start], {start}
    while ahead:
        for target in targets_of(states.get(ahead.pop(0))):
            if target not in seen:
                seen.add(target)
                (ahead if target in gone else found).append(target)
    return found


def ways_into(block: Block, names: set[str]) -> list[tuple[Way, str]]:
    """The ways from outside that lead to some states of a block, its start included."""
    start = block.source.get("StartAt")
    first: list[tuple[Way, str | None]] = [(Way(None, "StartAt"), start if isinstance(start, str) else None)]
    rest = chain.from_iterable(ways_of(name, state) for name, state in block.states.items() if name not in names)
    return [(way, target) for way, target in chain(first, rest) if target in names and target is not None]


def together(document: Json, nodes: Iterable[str]) -> tuple[Block, tuple[str, ...]]:
    """The block that some states share, and their names in its order.

    Raises:
        NotPossible: there are none, or they stand in different flows.
    """
    known = homes(document)
    found: list[Home] = [known[node] for node in dict.fromkeys(nodes) if node in known]
    if not found:
        raise NotPossible("Select at least one state.")
    chosen = {home.at for home in found}
    outer = [home for home in found if not is_inside(home, chosen)]
    if len({home.block.at for home in outer}) > 1:
        raise NotPossible("The selected states stand in different flows.")
    names = {home.name for home in outer}
    return outer[0].block, tuple(name for name in outer[0].block.states if name in names)
