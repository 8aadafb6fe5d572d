"""Edits of a workflow: document → document. Everything a person does on the canvas or in a form is one of these.

An edit changes what it must and shares the rest: states it does not touch are the same objects afterwards, and the order of
fields and states is kept. A document that the service accepts is left in a state that it accepts; where that cannot be, the
edit is refused with a sentence. Documents may be half written: what has the right shape is worked on, the rest is passed
over.

Ids are those of `engine.graph`: a node is the pointer of its state, an edge that of the field it stands for, a group that of
its branch or processor.

>>> empty = {"Comment": "new", "States": {}}
>>> pay = {"StartAt": "Pay", "States": {"Pay": {"Type": "Pass"}}}
>>> once = insert(empty, pay, block="")
>>> twice = insert(once.document, pay, after="/States/Pay")
>>> twice.selected, twice.document["States"]["Pay"]
(('/States/Pay 2',), {'Type': 'Pass', 'Next': 'Pay 2'})
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.edit_copies import extract, gap_behind, with_own_inside
from engine.edit_flow import (
    Gap,
    Way,
    connection,
    gap_after,
    gap_in,
    gap_on,
    kind_of,
    led,
    pointed,
    put_before,
    sound,
    way_at,
    with_states,
)
from engine.edit_names import clashes, rename
from engine.edit_places import (
    END,
    START,
    Edited,
    NotPossible,
    home_of,
    homes,
    language_of,
    locate,
    shared,
    steps_of,
    steps_to,
    value_at,
    with_value,
    without,
)
from engine.edit_removal import together, without_states
from engine.edit_shape import change_type, opened
from engine.edit_shape import wrap as _wrap
from engine.fragments import fitted
from engine.outline import Block, machine_language
from engine.pointer import under
from engine.values import Json, same

__all__ = [
    "Edited",
    "NotPossible",
    "change_type",
    "connect",
    "disconnect",
    "drop",
    "duplicate",
    "fragment_of",
    "insert",
    "lift",
    "move",
    "put",
    "reconnect",
    "remove",
    "rename",
    "wrap",
]

_CLOSING = ("Next", "End")


def insert(
    document: Json, fragment: Json, *, edge: str | None = None, after: str | None = None, block: str | None = None
) -> Edited:
    """A fragment (`{"StartAt", "States"}`: one state or a whole pattern) put into a flow.

    `edge`: between the two states of that edge. `after`: between a state and what follows it; on a Choice, at its Default
    or a new rule; before a Succeed or Fail, because nothing follows those. `block`: at the end of a group, or of the machine
    (""); the box around the branches of a Parallel gets a further branch. Names are made unique in the whole machine.

    Raises:
        NotPossible: there is no such place, or something behind it could no longer be reached.
    """
    base = document if isinstance(document, dict) else {}
    block = _inside(base, block)
    owner = _owner_of_branches(base, block)
    if owner is not None:
        return _new_branch(base, owner, fragment)
    return _put_in(base, fragment, _gap(base, edge, after, block))


def _inside(document: Json, block: str | None) -> str | None:
    """The group of a block; the id of a Map or Parallel stands for what is inside it."""
    home = homes(document).get(block) if block else None
    if home is None:
        return block
    kind = kind_of(home.source)
    name = "Iterator" if "Iterator" in home.source else "ItemProcessor"
    return f"{block}/Branches" if kind == "Parallel" else f"{block}/{name}" if kind == "Map" else block


def _gap(document: Json, edge: str | None, after: str | None, block: str | None) -> Gap:
    if edge is not None:
        return gap_on(document, edge)
    if after is not None:
        return gap_after(document, after)
    return gap_in(document, block or "")


def _put_in(document: Json, fragment: Json, gap: Gap, keep: frozenset[str] = frozenset(), check: bool = True) -> Edited:
    start, states = fitted(document, fragment, gap.follows, keep)
    source = dict(gap.block.source)
    for way in gap.ways:
        language = (
            machine_language(document) if way.owner is None else language_of(document, gap.block.states[way.owner])
        )
        source = pointed(source, way, start, language)
    source = with_states(source, states, gap.behind, gap.before)
    sound(gap.block.source, source)
    changed = with_value(document, steps_of(gap.block), source)
    if check:
        _no_new_clash(document, changed)
    return Edited(shared(document, changed), tuple(under(gap.block.at, ("States", name)) for name in states))


def _no_new_clash(before: Json, after: Json) -> None:
    """The service refuses a variable that is set outside and inside a group; an edit does not bring that about."""
    for name, state in sorted(clashes(after) - clashes(before)):
        raise NotPossible(
            "The variable “{name}” would be set by “{state}” and around it as well.", name=name, state=state
        )


def _owner_of_branches(document: Json, block: str | None) -> str | None:
    """The Parallel whose box of branches is meant."""
    if block is None or not block.endswith("/Branches"):
        return None
    node = block.removesuffix("/Branches")
    return node if node in homes(document) else None


def _new_branch(document: Json, node: str, fragment: Json, check: bool = True) -> Edited:
    home = home_of(document, node)
    branches = home.source.get("Branches") if isinstance(home.source, dict) else None
    found = list(branches) if isinstance(branches, list) else []
    start, states = fitted(document, fragment, None)
    steps = (*steps_of(home.block), "States", home.name, "Branches")
    changed = with_value(document, steps, [*found, {"StartAt": start, "States": states}])
    if check:
        _no_new_clash(document, changed)
    at = under(home.at, ("Branches", len(found)))
    return Edited(changed, tuple(under(at, ("States", name)) for name in states))


# Transitions --------------------------------------------------------------------------------------------------------


def connect(document: Json, source: str, target: str, way: str = "next") -> Edited:
    """A transition from one state to another of the same flow.

    `way` is "next", "choice" (a new rule), "default", "catch" (a new catcher) or "start" (the flow begins with `target`).
    From a Choice, "next" is its Default while that is free, and a new rule then.

    Raises:
        NotPossible: the source cannot lead there, or a state could no longer be reached.
    """
    block, found, name = connection(document, source, target, way)
    return _led_to(document, block, found, name)


def reconnect(document: Json, edge: str, target: str) -> Edited:
    """An edge that leads to another state of its flow; to the end of the flow, where a state may end it.

    Raises:
        NotPossible: as for `connect`.
    """
    if target == END:
        return disconnect(document, edge)
    block, way, _ = way_at(document, edge)
    aim = home_of(document, target)
    if aim.block.at != block.at:
        raise NotPossible("“{name}” stands in another flow; a transition stays within its own.", name=aim.name)
    return _led_to(document, block, way, aim.name)


def _led_to(document: Json, block: Block, way: Way, target: str | None) -> Edited:
    """The document with a way that leads to a state of its block, or ends the flow."""
    owner: Json = None if way.owner is None else block.states[way.owner]
    if target is None:
        source = {**block.source, "States": {**block.states, way.owner: led(owner, None)}}
    else:
        source = pointed(block.source, way, target, language_of(document, owner))
    sound(block.source, source)
    changed = shared(document, with_value(document, steps_of(block), source))
    return Edited(changed, (under(block.at, ("States", way.owner or target or "")),))


def disconnect(document: Json, edge: str) -> Edited:
    """A transition taken away: Next becomes `End: true`; a rule, Default or catcher goes.

    Raises:
        NotPossible: the edge cannot be missing, or it was the last way to a state.
    """
    block, way, _ = way_at(document, edge)
    if way.owner is None:
        raise NotPossible("A flow begins with some state; lead the start to another one instead.")
    state = block.states[way.owner]
    if way.field in ("Next", "End"):
        changed: Json = led(state, None)
    elif way.index is None:
        changed = without(state, (way.field,))
    else:
        changed = without(state, (way.field, way.index))
        if not changed[way.field]:
            if way.field == "Choices":
                raise NotPossible("A Choice needs at least one rule.")
            changed = without(changed, (way.field,))
    source = {**block.source, "States": {**block.states, way.owner: changed}}
    sound(block.source, source)
    changed = shared(document, with_value(document, steps_of(block), source))
    return Edited(changed, (under(block.at, ("States", way.owner)),))


# States -------------------------------------------------------------------------------------------------------------


def remove(document: Json, nodes: Iterable[str], edges: Iterable[str] = ()) -> Edited:
    """The document without some states and transitions, the flow closed up behind them (see `edit_removal`).

    Raises:
        NotPossible: the flow would have no end any more, or a group no state.
    """
    gone = [node for node in nodes if node not in (START, END)]
    ways = [way_at(document, edge) for edge in dict.fromkeys(edges)]
    ways.sort(key=lambda found: -(found[1].index or 0))
    for block, way, target in ways:
        ends_of = [name for name in (way.owner, target) if name is not None]
        if not any(under(block.at, ("States", name)) in gone for name in ends_of):
            document = disconnect(document, way.at(block)).document
    return Edited(shared(document, without_states(document, gone)) if gone else document)


def fragment_of(document: Json, nodes: Iterable[str]) -> Json:
    """Some states of one flow as a fragment: what copying puts on the clipboard. The flow is closed up between them.

    Raises:
        NotPossible: none are chosen, they stand in different flows, or do not follow each other.
    """
    block, names = together(document, nodes)
    return extract(document, block, names)


def duplicate(document: Json, nodes: Iterable[str]) -> Edited:
    """Some states of one flow once more, right behind themselves.

    Raises:
        NotPossible: as for `insert`; or all of them end the flow.
    """
    block, names = together(document, nodes)
    gap = gap_behind(block, names)
    keep = frozenset(block.states) - set(names)
    return _put_in(document, extract(document, block, names, keep), gap, keep)


def wrap(document: Json, nodes: Iterable[str], into: str) -> Edited:
    """One stretch of a flow in a new Parallel or Map (see `edit_shape.wrap`).

    Raises:
        NotPossible: the states have more than one way in or out, or are not connected.
    """
    edited = _wrap(document, nodes, into)
    _no_new_clash(document, edited.document)
    return edited


def lift(document: Json, node: str) -> Edited:
    """A Map, or a Parallel with one branch, gives way to its content; any other state moves out behind its group.

    Raises:
        NotPossible: there are several branches, or the state stands in no group.
    """
    home = home_of(document, node)
    owner = home.block.owner
    kind = kind_of(home.source)
    branches = home.source.get("Branches") if kind == "Parallel" else None
    if kind == "Map" or (kind == "Parallel" and (owner is None or not isinstance(branches, list) or len(branches) < 2)):
        edited = opened(document, node)
        _no_new_clash(document, edited.document)
        return Edited(shared(document, edited.document), edited.selected)
    if owner is None:
        raise NotPossible("“{name}” stands in no group.", name=home.name)
    return move(document, [node], after=owner.at)


def move(
    document: Json,
    nodes: Iterable[str],
    *,
    edge: str | None = None,
    after: str | None = None,
    block: str | None = None,
) -> Edited:
    """Some states of one flow at another place, under the same names. Places are those of `insert`.

    Raises:
        NotPossible: as for `insert` and `remove`; a state cannot move into itself.
    """
    chosen = list(nodes)
    if after in chosen:
        return Edited(document, tuple(chosen))
    origin, names = together(document, chosen)
    block = _inside(document, block)
    branches_of = _owner_of_branches(document, block)
    gap = None if branches_of is not None else _gap(document, edge, after, block)
    goal = branches_of if gap is None else gap.block.at
    own = {name: under(origin.at, ("States", name)) for name in names}
    if any(f"{goal}/".startswith(f"{at}/") for at in own.values()):
        raise NotPossible("A state cannot be moved into itself.")
    stays = gap is not None and gap.block.at == origin.at
    keep = frozenset(origin.states) - set(names) if stays else frozenset[str]()
    fragment = extract(document, origin, names, keep)
    if gap is None:
        placed = _new_branch(document, branches_of or "", fragment, check=False)
    else:
        placed = _put_in(document, fragment, gap, keep, check=False)
    known = homes(placed.document)
    twins = {known[at].name: name for at, name in zip(placed.selected, names, strict=False)}
    changed = without_states(placed.document, own.values())
    for twin, name in twins.items():
        home = next((home for home in homes(changed).values() if home.name == twin), None)
        if home is None:
            raise NotPossible("“{name}” cannot be moved onto its own way out.", name=name)
        state = with_own_inside(home.source, origin.states[name])
        changed = rename(with_value(changed, steps_to(home.block, twin), state), home.at, name).document
    if same(changed, document):
        return Edited(document, tuple(own.values()))
    _no_new_clash(document, changed)
    moved = set(names)
    selected = tuple(at for at, home in homes(changed).items() if home.name in moved)
    return Edited(shared(document, changed), selected)


# Fields -------------------------------------------------------------------------------------------------------------


def put(document: Json, at: str, value: Json) -> Edited:
    """The document with another value at a pointer; objects that are missing on the way are made.

    A new field of a state comes before the Next or End that it closes with.

    Raises:
        NotPossible: the way goes through something that is neither an object nor missing.
    """
    steps, known = locate(document, at)
    if known and known == len(steps) - 1 and steps[-1] not in _CLOSING:
        around = value_at(document, steps[:-1])
        last = next(reversed(around), None) if isinstance(around, dict) else None
        if last in _CLOSING:
            steps, value = steps[:-1], put_before(around, last, {str(steps[-1]): value})
    return Edited(with_value(document, steps, value))


def drop(document: Json, at: str) -> Edited:
    """The document without a field or an entry of an array; unchanged when there is none.

    Raises:
        NotPossible: the pointer is that of the whole document.
    """
    steps, known = locate(document, at)
    if not steps:
        raise NotPossible("The whole workflow cannot be taken away.")
    return Edited(without(document, steps) if known == len(steps) else document)
