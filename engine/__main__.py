"""`python -m engine`: run, check and price workflows without a browser.

    python -m engine run FILE --input '{"a": 1}' --mocks mocks.json#Found [--type EXPRESS] [--json | --stages | --history]
    python -m engine test FOLDER
    python -m engine validate FILE
    python -m engine cost FILE --input @input.json --mocks mocks.json#Found --count 1000
    python -m engine batch FILE --spec spec.json [--workers 4 | --dask tcp://host:8786] [--json]
    python -m engine graph FILE --format mermaid
    python -m engine diff OLD NEW
    python -m engine export FILE --to sam --out FOLDER
    python -m engine history FILE --input - --mocks mocks.json#Found

Exit status: 0 the run succeeded, or all is well; 1 it failed, waits for an answer, or something is not as it should be;
2 unusable input, with one clear sentence on stderr.
Each command has a file of its own in `engine/commands/`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from engine.commands import parser
from engine.commands.given import Unusable


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status for these arguments."""
    options = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
