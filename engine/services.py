"""Every action of every service that Step Functions calls through the AWS SDK: names, titles and required fields.

They are kept in a small compressed file, so that searching needs no service models; it is made from those that botocore
ships:

    python -m engine.services        writes the file anew

A line of it is a service (`s3<tab>Amazon S3`) or, indented, one of its actions with its required fields, each with the
letter of its kind where it is no text: ` putRule Name Targets:l`.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.shapes import Operation, operations, services

FILE = Path(__file__).parents[1] / "assets" / "palette" / "operations.txt.xz"
_KINDS = {
    "o": "structure",
    "l": "list",
    "m": "map",
    "i": "integer",
    "n": "long",
    "f": "float",
    "d": "double",
    "b": "boolean",
    "t": "timestamp",
    "y": "blob",
    "c": "character",
}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Service:
    """A service by the name that it has in ARNs (`aws-sdk:<name>:<action>`)."""

    name: str
    title: str
    operations: tuple[Operation, ...]


@cache
def known_services() -> tuple[Service, ...]:
    """All services of the file, in alphabetical order."""
    return tuple(read(lzma.decompress(FILE.read_bytes()).decode("utf-8")))


def read(text: str) -> Iterator[Service]:
    """The services of a text as `told` writes it."""
    name = title = ""
    found: list[Operation] = []
    for line in text.splitlines():
        if line.startswith(" "):
            action, *fields = line.split()
            required = tuple(
                (field, _KINDS.get(kind, "string")) for field, _, kind in (one.partition(":") for one in fields)
            )
            found.append(Operation(action, required))
            continue
        if name:
            yield Service(name, title, tuple(found))
        name, _, title = line.partition("\t")
        found = []
    if name:
        yield Service(name, title, tuple(found))


def told(found: Iterable[Service]) -> str:
    """The services as a text, a line each."""
    lines: list[str] = []
    for service in found:
        lines.append(f"{service.name}\t{service.title}")
        for action in service.operations:
            fields = [f"{field}:{_LETTERS[kind]}" if kind in _LETTERS else field for field, kind in action.required]
            lines.append(" " + " ".join((action.name, *fields)))
    return "\n".join(lines) + "\n"


def installed(names: Iterable[str] | None = None) -> Iterator[Service]:
    """The services as the installed botocore has them: all, or some by name."""
    for name in sorted(services()) if names is None else names:
        title, actions = operations(name)
        if actions:
            yield Service(name, title, actions)


if __name__ == "__main__":
    written = told(installed())
    FILE.write_bytes(lzma.compress(written.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME))
    print(f"{FILE.name}: {written.count(chr(10))} lines, {FILE.stat().st_size} bytes")
