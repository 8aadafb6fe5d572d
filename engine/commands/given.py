"""What commands read: files, JSON, definitions. Whatever cannot be used raises Unusable, with one sentence for the user."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.model import Machine
    from engine.problems import Problem
    from engine.source import Document

Json = Any
PROBLEMS_SHOWN = 3


class Unusable(Exception):
    """The input cannot be used. The message is what the user reads."""


def read(path: Path) -> str:
    """The text of a file."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise Unusable(f"{path} is a folder; a file is needed.") from None
    except UnicodeDecodeError as error:
        raise Unusable(f"{path} is not UTF-8 text: byte {error.start} cannot be read.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None


def json_of(text: str, what: str) -> Json:
    """The value of a JSON text; `what` names it in the sentence about a mistake."""
    from engine.source import load_json

    value, problem = load_json(text, what)
    if problem is not None:
        raise Unusable(problem.message)
    return value


def read_json(path: Path) -> Json:
    """The value of a JSON file."""
    return json_of(read(path), f"file {path}")


def json_given(given: str) -> Json:
    """JSON text, `@file`, or `-` for standard input."""
    if given == "-":
        return json_of(sys.stdin.read(), "input")
    if given.startswith("@"):
        return read_json(Path(given[1:]))
    return json_of(given, "input")


def document_of(file: str, machine: str | None = None) -> Document:
    """The definition in a file, which may have problems, but has a value. `machine` picks one of a template's."""
    from engine.source import load

    document = load(read(Path(file)), path=file, machine=machine)
    if machine is not None and document.name != machine:
        known = ", ".join(document.names) or "no machine with a name"
        raise Unusable(f"{file} has no machine {machine}; it has {known}.")
    if document.value is None:
        raise Unusable(f"{file} cannot be read: {first(document.problems, document)}")
    return document


def problems_of(document: Document, workflow_type: str = "STANDARD") -> list[Problem]:
    """All problems once, in the order in which reading, parsing and the rules find them."""
    from engine.parse import parse
    from engine.validate import validate as rules

    found = [
        *document.problems,
        *rules(document.value, workflow_type=workflow_type),
        *parse(document.value)[1],
    ]
    return [placed(problem, document) for problem in {(one.at, one.message): one for one in reversed(found)}.values()][
        ::-1
    ]


def machine_of(file: str, workflow_type: str = "STANDARD") -> Machine:
    """The machine of a file that has no error."""
    from engine.parse import parse

    document = document_of(file)
    machine, _ = parse(document.value)
    errors = [problem for problem in problems_of(document, workflow_type) if problem.severity == "error"]
    if errors or machine is None:
        count = f"{len(errors)} problem{'' if len(errors) == 1 else 's'}"
        raise Unusable(f"{file} cannot be run: {count}.\n{first(errors, document)}")
    return machine


def placed(problem: Problem, document: Document) -> Problem:
    """The problem with its line and column in the text."""
    from dataclasses import replace

    if problem.line is not None:
        return problem
    place = document.positions.get(problem.at)
    return replace(problem, line=place[0], column=place[1]) if place else problem


def first(problems: Iterable[Problem], document: Document) -> str:
    """The first few problems with their places, one a line."""
    told = [said(placed(problem, document)) for problem in problems]
    more = [f"and {len(told) - PROBLEMS_SHOWN} more"] if len(told) > PROBLEMS_SHOWN else []
    return "\n".join([*told[:PROBLEMS_SHOWN], *more])


def said(problem: Problem) -> str:
    """A problem on a line: its pointer, its place, its sentence."""
    place = "" if problem.line is None else f" ({problem.line}:{problem.column})"
    return f"{problem.at}{place}  {problem.message}"


def count(text: str) -> int:
    """A number of executions, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of executions")
    return int(text)
