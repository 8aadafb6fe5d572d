"""Who does the work of a batch: processes on this machine, or the workers of a Dask scheduler. Both are executors."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from typing import Any

PATIENCE = "5s"
"""How long a scheduler may take to answer."""


class CrewProblem(ValueError):
    """Those who should work cannot; the message is one sentence."""


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def scheduler() -> str | None:
    """The address in the environment, for example `tcp://10.0.0.5:8786`."""
    return os.environ.get("PASO_DASK") or None


@contextmanager
def crew(workers: int | None, dask: str | None) -> Iterator[tuple[Executor, int]]:
    """An executor, and how many pieces it works on at once. Raises CrewProblem."""
    if dask is not None:
        with _dask(dask) as found:
            yield found
        return
    # Processes are begun anew, not forked: a fork of a server with threads may come to life with a lock that nobody holds.
    hands = workers or cores()
    pool = ProcessPoolExecutor(hands, multiprocessing.get_context("spawn"), initializer=settle)
    try:
        yield pool, hands
    except BrokenProcessPool:
        raise CrewProblem(
            "A process of the batch was ended from outside, perhaps because memory ran out; fewer workers need less."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def settle() -> None:
    """In a process that does nothing but run: what is imported stays, and garbage is looked for every hundred runs or so.

    That takes a fifth of the time off a batch.
    """
    import_module("engine.batch")
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise CrewProblem(
            "Batches on Dask need the package distributed, which is not installed: pip install 'paso[dask]'."
        ) from None
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CrewProblem(f"No Dask scheduler answers at {address} ({error}).") from None
    try:
        hands = sum(client.ncores().values())
        if not hands:
            raise CrewProblem(f"The Dask scheduler at {address} has no workers yet.")
        yield client.get_executor(pure=False), hands
    except ModuleNotFoundError as error:
        raise CrewProblem(f"The Dask workers at {address} lack a module that Paso needs: {error.name}.") from None
    finally:
        client.close()
