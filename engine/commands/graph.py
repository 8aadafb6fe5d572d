"""`graph`: write the graph of a definition in another format."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engine.commands.given import Unusable, document_of
from engine.commands.printing import write_bytes

if TYPE_CHECKING:
    from engine.commands import Commands


def add(commands: Commands, name: str) -> None:
    """`graph FILE --format mermaid [--out FILE]`."""
    about = "Write the graph in another format."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--format", choices=("dot", "mermaid", "svg", "png"), default="dot")
    parser.add_argument("--direction", choices=("TB", "LR"), default="TB")
    parser.add_argument("--out", metavar="FILE", help="write to a file")


def command(options: argparse.Namespace) -> int:
    """The graph to a file or to standard output."""
    from engine.export import ExportProblem, export
    from engine.graph import graph as graph_of

    document = document_of(options.file)
    try:
        drawn = export(graph_of(document.value), options.format, options.direction)
    except ExportProblem as problem:
        raise Unusable(str(problem)) from None
    write_bytes(drawn, options.out)
    return 0
