"""One peer, one workload, one process: `python -m tests.bench.measure PEER WORKLOAD [SECONDS]` prints a line of JSON.

WORKLOAD is one of our names or a JSON file that holds a workload of the same shape. CPU time is that of the whole process, all threads; the first run warms up and is checked against the expected output.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.peers import PEERS, Absent, Run
from tests.bench.workloads import WORKLOADS, Workload

MOST_RUNS = 200
LONGEST_RUN = 4.0


def resident() -> float:
    """Resident memory of this process in MB; the peak where the system tells no more."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def right(workload: Workload, run: Run, output: Any) -> str | None:
    """What is wrong with a run, None when nothing is."""
    if output != workload.expected:
        return f"gave {json.dumps(output, default=str)[:120]}"
    trace = getattr(run, "trace", None)
    if trace is not None:
        if workload.virtual_ms is not None and trace.duration != workload.virtual_ms:
            return f"took {trace.duration} virtual ms instead of {workload.virtual_ms}"
        if trace.visits and len(trace.visits) != workload.states:
            return f"entered {len(trace.visits)} states instead of {workload.states}"
    return None


def workload_of(name: str) -> Workload:
    """One of ours by its name, or one from a file."""
    if name in WORKLOADS:
        return WORKLOADS[name]()
    return Workload(**json.loads(Path(name).read_text(encoding="utf-8")))


def measured(peer: str, workload: Workload, seconds: float) -> dict[str, Any]:
    """`us`: median CPU microseconds per state; `wrong` or `absent` say why there is none; `mb`: what one run keeps."""
    answer: dict[str, Any] = {"peer": peer, "workload": workload.name}
    try:
        run = PEERS[peer](workload)
    except Absent as absent:
        return answer | {"absent": str(absent)}
    before = resident()
    start, began = time.perf_counter(), time.process_time()
    output = run()
    first, spent = time.perf_counter() - start, time.process_time() - began
    answer["mb"] = round(resident() - before, 1)
    problem = right(workload, run, output)
    if problem:
        return answer | {"wrong": problem}
    times = [spent] if first > LONGEST_RUN else []
    while not times or (first <= LONGEST_RUN and len(times) < MOST_RUNS and time.perf_counter() - start < seconds):
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    return answer | {"us": 1e6 * statistics.median(times) / workload.states, "runs": len(times)}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], workload_of(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 1.5)))
