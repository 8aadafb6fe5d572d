"""What a gesture on the canvas does to a definition: the words of the canvas, in the words of `engine.edit`.

A gesture comes from a browser, so nothing in it is taken on trust: what it names must be there, and what it brings along
is read like any foreign text.

| gesture | what it says |
|---|---|
| `insert` | `item` of the palette, and where: on an `edge`, `after` a node, in a `block` |
| `paste` | the `text` of the clipboard, and where |
| `move` | `nodes`, and where to |
| `connect` | `source`, `target`, `way` |
| `reconnect` | `edge`, `target` |
| `remove` | `nodes` and `edges` |
| `rename` | `node`, `name` |
| `duplicate` | `nodes` |
| `wrap` | `nodes`, `into` Parallel or Map |
| `lift` | `node` |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from designer.theme import N_
from engine import edit, palette
from engine.edit import Edited, NotPossible
from engine.outline import machine_language
from engine.source import load
from engine.values import Json

LARGEST_PASTE = 262_144
WAYS = ("next", "choice", "default", "catch", "start")


def apply(document: Json, kind: str, args: Mapping[str, Any]) -> Edited:
    """The document after a gesture, and what is selected then. Raises NotPossible with one sentence."""
    done = _GESTURES.get(kind)
    if done is None:
        raise NotPossible(N_("This gesture is not known here."))
    return done(document, args)


def _insert(document: Json, args: Mapping[str, Any]) -> Edited:
    try:
        item = palette.item(_text(args, "item"), _language(document))
    except KeyError:
        raise NotPossible(N_("This is not in the palette.")) from None
    return edit.insert(document, item.fragment, **_where(args))


def _paste(document: Json, args: Mapping[str, Any]) -> Edited:
    return edit.insert(document, fragment(_text(args, "text")), **_where(args))


def fragment(text: str) -> Json:
    """The states in a text: a flow, a whole definition, or one state alone. Raises NotPossible."""
    if len(text) > LARGEST_PASTE:
        raise NotPossible(N_("What was copied is too long to be pasted."))
    value = load(text).value
    if isinstance(value, dict) and isinstance(value.get("States"), dict) and value["States"]:
        return value
    if isinstance(value, dict) and isinstance(value.get("Type"), str):
        return {"StartAt": value["Type"], "States": {value["Type"]: value}}
    raise NotPossible(N_("What was copied holds no states: a definition, some of its states or one state is needed."))


def _move(document: Json, args: Mapping[str, Any]) -> Edited:
    return edit.move(document, _texts(args, "nodes"), **_where(args))


def _connect(document: Json, args: Mapping[str, Any]) -> Edited:
    way = args.get("way", "next")
    if way not in WAYS:
        raise NotPossible(N_("This gesture is not known here."))
    return edit.connect(document, _text(args, "source"), _text(args, "target"), way)


def _reconnect(document: Json, args: Mapping[str, Any]) -> Edited:
    return edit.reconnect(document, _text(args, "edge"), _text(args, "target"))


def _remove(document: Json, args: Mapping[str, Any]) -> Edited:
    nodes, edges = _texts(args, "nodes"), _texts(args, "edges")
    return edit.remove(document, nodes, edges)


def _rename(document: Json, args: Mapping[str, Any]) -> Edited:
    return edit.rename(document, _text(args, "node"), _text(args, "name"))


def _duplicate(document: Json, args: Mapping[str, Any]) -> Edited:
    return edit.duplicate(document, _texts(args, "nodes"))


def _wrap(document: Json, args: Mapping[str, Any]) -> Edited:
    into = args.get("into")
    if into not in ("Parallel", "Map"):
        raise NotPossible(N_("This gesture is not known here."))
    return edit.wrap(document, _texts(args, "nodes"), into)


def _lift(document: Json, args: Mapping[str, Any]) -> Edited:
    return edit.lift(document, _text(args, "node"))


_GESTURES: Mapping[str, Callable[[Json, Mapping[str, Any]], Edited]] = {
    "insert": _insert,
    "paste": _paste,
    "move": _move,
    "connect": _connect,
    "reconnect": _reconnect,
    "remove": _remove,
    "rename": _rename,
    "duplicate": _duplicate,
    "wrap": _wrap,
    "lift": _lift,
}


def _language(document: Json) -> str:
    return machine_language(document) if isinstance(document, dict) else "JSONPath"


def _where(args: Mapping[str, Any]) -> dict[str, str]:
    """Where something goes; nothing said means the machine itself."""
    told = {name: args[name] for name in ("edge", "after", "block") if isinstance(args.get(name), str)}
    return told or {"block": ""}


def _text(args: Mapping[str, Any], name: str) -> str:
    found = args.get(name)
    if not isinstance(found, str):
        raise NotPossible(N_("This gesture is not known here."))
    return found


def _texts(args: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = args.get(name) or ()
    if not isinstance(found, (list, tuple)) or not all(isinstance(one, str) for one in found):
        raise NotPossible(N_("This gesture is not known here."))
    return tuple(found)
