"""Fragments: pieces of a flow that come into a document or leave it on the clipboard.

A fragment has the form of a machine: `StartAt`, `States`, and `QueryLanguage` where it is not JSONPath. Its open ends (states
with `End: true`, and whatever leads to a state that is not in the fragment) are joined to what follows at the place where
it goes in; Succeed and Fail stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.edit_flow import MOVING, ends, kind_of, led, states_in, ways_of
from engine.edit_names import free_name, labels_in, names_in, with_free_labels, with_free_names
from engine.edit_places import NotPossible
from engine.fields import fields_of
from engine.outline import machine_language, too_deep
from engine.values import Json

_LITERAL = frozenset(("text", "state", "resource", "flag", "whole", "number", "one of", "names", "label"))
_MAYBE = frozenset(("whole or expression", "number or expression", "timestamp", "words"))
_INSIDE = frozenset(("block", "blocks"))


def fitted(
    document: Json, fragment: Json, follows: str | None, keep: frozenset[str] = frozenset()
) -> tuple[str, dict[str, Json]]:
    """The start and the states of a fragment as they can stand in a document, its open ends leading to `follows`.

    `keep` are names of the block that its rules and catchers may go on leading to.

    Raises:
        NotPossible: it holds no states, or speaks a query language that the document cannot hold.
    """
    piece = _spoken(_checked(fragment), document)
    taken = names_in(document)
    piece = with_free_labels(with_free_names(piece, taken), labels_in(document))
    states = states_in(piece)
    start = piece["StartAt"]
    done: str | None = None
    found: dict[str, Json] = {}
    for name, state in states.items():
        if not isinstance(state, dict):
            found[name] = state
            continue
        inner = states.keys() | keep
        if kind_of(state) == "Choice":
            rules = state.get("Choices")
            if isinstance(rules, list) and any(_open(rule, inner) for rule in rules):
                if follows is None and done is None:
                    done = free_name("Succeed", taken)
                    taken.add(done)
                way = follows if follows is not None else done
                state = {**state, "Choices": [{**r, "Next": way} if _open(r, inner) else r for r in rules]}
            default = state.get("Default")
            if not isinstance(default, str) or default not in inner:
                state = {key: value for key, value in state.items() if key != "Default"}
                if follows is not None:
                    state["Default"] = follows
        elif kind_of(state) in MOVING and not any(
            way.field == "Next" and target in states for way, target in ways_of(name, state)
        ):
            state = led(state, follows)
        catchers = state.get("Catch")
        if isinstance(catchers, list) and any(_open(entry, inner) for entry in catchers):
            kept = [entry for entry in catchers if not _open(entry, inner)]
            state = {key: kept if key == "Catch" else value for key, value in state.items() if key != "Catch" or kept}
        found[name] = state
    if done is not None:
        found[done] = {"Type": "Succeed"}
    if follows is None and not keep and not ends({"States": found}):
        found = _finished(found, taken)
    return start, found


def _finished(states: dict[str, Json], taken: set[str]) -> dict[str, Json]:
    """States that come to an end: the Default of a Choice that has none leads to a Succeed.

    Raises:
        NotPossible: no Choice is free to do so.
    """
    for name, state in states.items():
        if kind_of(state) == "Choice" and "Default" not in state:
            done = free_name("Succeed", taken)
            return {**states, name: {**state, "Default": done}, done: {"Type": "Succeed"}}
    raise NotPossible("What is put in never comes to an end.")


def _checked(fragment: Json) -> dict[str, Json]:
    """The fragment with a start that exists."""
    states = fragment.get("States") if isinstance(fragment, dict) else None
    if not isinstance(states, dict) or not states or too_deep(fragment):
        raise NotPossible("There are no states here to put in.")
    start = fragment.get("StartAt")
    return {**fragment, "StartAt": start if isinstance(start, str) and start in states else next(iter(states))}


def _open(entry: Json, known: object) -> bool:
    """Does a rule or catcher lead out of the fragment, or nowhere?"""
    return isinstance(entry, dict) and not (isinstance(entry.get("Next"), str) and entry["Next"] in known)  # type: ignore[operator]


# Query languages ----------------------------------------------------------------------------------------------------


def _spoken(fragment: dict[str, Json], document: Json) -> dict[str, Json]:
    """The fragment in a document whose language may be another: states say their own language where they must."""
    home = machine_language(document) if isinstance(document, dict) else "JSONPath"
    return _told(fragment, machine_language(fragment), home)


def _told(block: Mapping[str, Json], spoken: str, home: str) -> dict[str, Json]:
    states: dict[str, Json] = {}
    for name, state in states_in(block).items():
        if isinstance(state, dict):
            own = state.get("QueryLanguage")
            language = str(own) if own in ("JSONPath", "JSONata") else spoken
            if language != home:
                if _neutral(state):
                    state = {key: value for key, value in state.items() if key != "QueryLanguage"}
                elif home == "JSONata":
                    raise NotPossible("“{name}” speaks JSONPath, and a JSONata workflow cannot hold it.", name=name)
                elif own != language:
                    first = {key: value for key, value in state.items() if key == "Type"}
                    state = {**first, "QueryLanguage": language, **state}
            state = {
                key: _told(value, spoken, home)
                if key in ("ItemProcessor", "Iterator") and isinstance(value, dict)
                else [_told(one, spoken, home) if isinstance(one, dict) else one for one in value]
                if key == "Branches" and isinstance(value, list)
                else value
                for key, value in state.items()
            }
        states[name] = state
    return {**block, "States": states}


def _neutral(state: Mapping[str, Json]) -> bool:
    """Does it say the same in both query languages?"""
    return kind_of(state) != "Choice" and _says_the_same(kind_of(state), state)


def _says_the_same(part: str, source: Mapping[str, Json]) -> bool:
    known = fields_of(part)
    for name, value in source.items():
        field = known.get(name)
        if field is None or field.language != "both":
            return False
        if field.kind in ("list", "object") and not all(
            isinstance(entry, dict) and _says_the_same(field.part, entry)
            for entry in (value if isinstance(value, list) else [value])
        ):
            return False
        if field.kind in _MAYBE and isinstance(value, str) and value.startswith("{%"):
            return False
        if field.kind not in _LITERAL | _MAYBE | _INSIDE | {"list", "object"}:
            return False
    return True
