"""The commands of `python -m engine`: one file each, which says what the user may write (`add`) and does it (`command`).

What several of them share stands in `given` (what they read), `running` (one run, its options and outcome), and `printing`.
The engine's modules are imported by the command that needs them, inside its functions, for a quick start.
"""

from __future__ import annotations

import argparse
from typing import TypeAlias

from engine.commands import batch, cost, diff, export, graph, history, run, test, validate

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What a command adds itself to."""

_ALL = (run, history, test, validate, cost, batch, graph, diff, export)


def parser() -> argparse.ArgumentParser:
    """What may stand behind `python -m engine`; `command` of the parsed options is the function to call with them."""
    own = argparse.ArgumentParser(prog="python -m engine", description="Run, check and price Step Functions workflows.")
    commands = own.add_subparsers(required=True, metavar="COMMAND")
    for one in _ALL:
        one.add(commands, one.__name__.rpartition(".")[2])
    return own
