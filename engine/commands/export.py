"""`export`: a workflow as files that deploy it, or as ASL in the other notation."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.given import Unusable, document_of
from engine.commands.printing import write_bytes

if TYPE_CHECKING:
    from engine.commands import Commands


def add(commands: Commands, name: str) -> None:
    """`export FILE --to sam [--name NAME] [--logs] [--traces] [--out FOLDER]`."""
    about = "Write a template that deploys the workflow, or ASL as JSON or YAML."
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    parser.add_argument("file", metavar="FILE", help="definition: JSON, YAML, or a template that holds one")
    parser.add_argument(
        "--to", required=True, choices=("sam", "cdk-python", "cdk-typescript", "terraform", "json", "yaml")
    )
    parser.add_argument("--machine", metavar="NAME", help="which machine of a template; the first one without")
    parser.add_argument("--name", help="name of the workflow; that of the file or of the machine without")
    parser.add_argument("--type", choices=("STANDARD", "EXPRESS"), type=str.upper, help="as the template says without")
    parser.add_argument("--logs", action="store_true", help="with a log group, and what writing to it needs")
    parser.add_argument("--traces", action="store_true", help="with X-Ray traces, and what writing them needs")
    parser.add_argument("--out", metavar="FOLDER", help="write all files here; without, the first one is printed")


def command(options: argparse.Namespace) -> int:
    """The first file on standard output, or all of them into a folder."""
    from engine.publish import publish

    document = document_of(options.file, options.machine)
    name = options.name or document.name or Path(options.file).name.partition(".")[0]
    files = publish(
        document.value,
        options.to,
        name=name,
        workflow_type=options.type or document.workflow_type,
        known=document.substitutions,
        logs=options.logs,
        traces=options.traces,
    )
    if options.out is None:
        write_bytes(files[0].text.encode(), None)
        for other in files[1:]:
            print(f"It reads {other.name}, which --out FOLDER writes beside it.", file=sys.stderr)
        return 0
    folder = Path(options.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"{folder} cannot be made: {error.strerror}.") from None
    for file in files:
        write_bytes(file.text.encode(), str(folder / file.name))
        print(folder / file.name)
    return 0
