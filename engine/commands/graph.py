"""`graph`: write the graph of a definition in another format, with how a run of it went when that is wanted."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.given import Unusable, document_of, read
from engine.commands.printing import write_bytes
from engine.commands.running import add_world_options, trace_of

if TYPE_CHECKING:
    from engine.commands import Commands
    from engine.export import Looks
    from engine.graph import Graph


def add(commands: Commands, name: str) -> None:
    """`graph FILE --format svg [--run INPUT --mocks FILE#CASE | --compare OLD] [--out FILE]`."""
    about = "Draw the graph, with the status of a run or the differences to another version when asked for."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    parser.add_argument("file", metavar="FILE", help="definition: JSON, YAML, or a template that holds one")
    parser.add_argument("--format", choices=("dot", "mermaid", "svg", "png"), default="dot")
    parser.add_argument("--direction", choices=("TB", "LR"), default="TB")
    parser.add_argument("--out", metavar="FILE", help="write to a file")
    more = parser.add_mutually_exclusive_group()
    more.add_argument(
        "--run", dest="input", metavar="JSON", help="run it with this input (JSON, @file or -) and draw how that went"
    )
    more.add_argument("--compare", metavar="OLD", help="draw what became different since this version")
    add_world_options(parser)


def command(options: argparse.Namespace) -> int:
    """The graph to a file or to standard output. What can be read of a broken text is drawn too, with status 1."""
    from engine.drawn import drawn as graph_of
    from engine.export import ExportProblem, export
    from engine.source import load

    document = load(read(Path(options.file)), path=options.file)
    if options.input is not None or options.compare:
        document = document_of(options.file)
    graph = graph_of(document)
    if not graph.nodes:
        document_of(options.file)
        raise Unusable(f"{options.file} has no states to draw.")
    graph, looks = _looks(options, graph)
    try:
        picture = export(graph, options.format, options.direction, looks)
    except ExportProblem as problem:
        raise Unusable(str(problem)) from None
    write_bytes(picture, options.out)
    return 0 if document.value is not None else 1


def _looks(options: argparse.Namespace, graph: Graph) -> tuple[Graph, Looks | None]:
    """What the picture carries besides the graph, and the graph for it."""
    from engine.export import of_marks, of_run

    if options.compare:
        from engine.merged import merged

        both = merged(document_of(options.compare).value, document_of(options.file).value)
        return both.graph, of_marks(both)
    if options.input is not None:
        from engine.statused import statused

        return graph, of_run(statused(graph, trace_of(options)))
    return graph, None
