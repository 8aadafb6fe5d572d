"""`diff`: tell what became different between two versions of a workflow. Status 0 when they mean the same, 1 when not."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from engine.commands.given import document_of
from engine.commands.printing import print_json

if TYPE_CHECKING:
    from engine.commands import Commands
    from engine.differences import Difference

WIDTH = 60
"""Characters of a value before it is cut; --json has it whole."""


def add(commands: Commands, name: str) -> None:
    """`diff OLD NEW [--json]`."""
    about = "Tell what became different between two versions: states, transitions and fields."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    parser.add_argument("old", metavar="OLD", help="definition: JSON, YAML, or a template that holds one")
    parser.add_argument("new", metavar="NEW")
    parser.add_argument("--json", action="store_true")


def command(options: argparse.Namespace) -> int:
    """A line for each difference."""
    from engine.differences import differences

    found = differences(document_of(options.old).value, document_of(options.new).value)
    if options.json:
        print_json({"same": found.same, "differences": [_as_json(entry) for entry in found.entries]})
    else:
        for entry in found.entries:
            print(_line(entry))
        count = len(found.entries)
        print("no difference" if found.same else f"{count} difference{'' if count == 1 else 's'}")
    return 0 if found.same else 1


_SIGNS = {"added": "+", "removed": "−", "changed": "~", "renamed": "~", "moved": "~", "redirected": "~"}


def _line(entry: Difference) -> str:
    """`~ Rest  Seconds: 600 → 900`, `+ Weigh`, `~ Nap  was called Rest`."""
    start = f"{_SIGNS[entry.kind]} {entry.state or 'the machine'}"
    if entry.kind == "renamed":
        return f"{start}  was called {entry.before}"
    if entry.kind == "moved":
        return f"{start}  moved from {entry.before or '/'} to {entry.after or '/'}"
    if entry.about == "state":
        return start
    match entry.kind:
        case "added":
            return f"{start}  {entry.field}: {_short(entry.after)}"
        case "removed":
            return f"{start}  {entry.field}: {_short(entry.before)}"
    return f"{start}  {entry.field}: {_short(entry.before)} → {_short(entry.after)}"


def _short(value: Any) -> str:
    from engine.values import text

    written = text(value)
    return written if len(written) <= WIDTH else written[: WIDTH - 1] + "…"


def _as_json(entry: Difference) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "about": entry.about,
        "state": entry.state,
        "field": entry.field,
        "at": entry.at,
        "before": entry.before,
        "after": entry.after,
    }
