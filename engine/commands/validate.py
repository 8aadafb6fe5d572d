"""`validate`: list the problems of a definition."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from engine.commands.given import document_of, problems_of, said
from engine.commands.printing import print_json

if TYPE_CHECKING:
    from engine.commands import Commands
    from engine.problems import Problem


def add(commands: Commands, name: str) -> None:
    """`validate FILE [--type EXPRESS] [--json]`."""
    about = "List the problems of a definition."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD", type=str.upper)
    parser.add_argument("--json", action="store_true")


def command(options: argparse.Namespace) -> int:
    """A line for each problem; status 1 when one of them is an error."""
    problems = problems_of(document_of(options.file), options.type)
    if options.json:
        print_json([_as_json(problem) for problem in problems])
    else:
        for problem in problems:
            print(f"{problem.severity:<7}  {said(problem)}  [{problem.code}]")
        errors = sum(problem.severity == "error" for problem in problems)
        print(f"{errors} error{'' if errors == 1 else 's'}, {len(problems) - errors} more to look at")
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def _as_json(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "code": problem.code,
        "at": problem.at,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
    }
