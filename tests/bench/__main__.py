"""The benchmark: `python -m tests.bench`. Measures, checks every result, prints a table and writes RESULTS.md beside this.

Every measurement is a process of its own, and everybody is measured in the same run, turn by turn, because machines are
not alike and are never quite idle. What is not to be had here (the floor, moto, Node) stands aside with a sentence. The
exit code is 1 when our engine gave a wrong result; a target that is missed is said in the table.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.peers import ROOT, YARDSTICK
from tests.bench.workloads import WORKLOADS, Workload

HERE = Path(__file__).parent
PEERS = HERE / ".peers"
OURS, LEAN, FLOOR, MOTO, NODE = "paso", "paso, outcomes only", "floor", "moto", "aws-local-stepfunctions"
NAMES = ("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8")
IN_MOTO = {"W1": "W1", "W2": "W2", "W3": "W3k", "W4": "W4", "W5": "W5"}
"""moto takes minutes over 10,000 items, runs no JSONata and sleeps through waits."""

# (workload, whom we are compared with): how many times its CPU we may take; against moto, how many times ours it takes.
MOST = {("W1", FLOOR): 5, ("W2", FLOOR): 5, ("W3", FLOOR): 3.5, ("W4", FLOOR): 5, ("W5", FLOOR): 5, ("W7", FLOOR): 5}
LEAN_MOST = 2.5
LEAST = {"W1": 500, "W2": 200, "W3": 150, "W4": 500, "W5": 500}
MOST_MB, MOST_START = 250, 0.25


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.bench", description="How quick the engine is, beside others.")
    ask.add_argument("--only", help="workloads, such as W1,W3")
    ask.add_argument("--rounds", type=int, default=3, help="how often everybody has a turn (3)")
    ask.add_argument("--seconds", type=float, default=1.0, help="how long a turn is repeated (1)")
    ask.add_argument("--yardstick", action="store_true", help="the definitions of ../shared/bench instead of ours")
    ask.add_argument("--alone", action="store_true", help="without moto and Node")
    ask.add_argument("--dry", action="store_true", help="write no RESULTS.md")
    asked = ask.parse_args()
    names = tuple(asked.only.split(",")) if asked.only else NAMES
    with tempfile.TemporaryDirectory() as folder:
        files = yardstick(Path(folder)) if asked.yardstick else ours(Path(folder))
        notes: list[str] = []
        peers = {} if asked.alone else installed(notes)
        results = measure(names, files, peers, asked.rounds, asked.seconds)
        retry = turn(OURS, "R", files["R"], 0.0)
        small = Path(folder) / "small.json"
        small.write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', encoding="utf-8")
        start = started(small)
    for name in names:
        for peer in (FLOOR, MOTO, NODE):
            for word in ("absent", "wrong"):
                if word in results.get((name, peer), {}):
                    notes.append(f"{peer} on {name}: {results[name, peer][word]}")
    report = written(names, results, retry, start, notes, asked)
    print(report)
    if not asked.dry:
        (HERE / "RESULTS.md").write_text(report, encoding="utf-8")
    wrong = [answer for (_, peer), answer in results.items() if peer in (OURS, LEAN) and "us" not in answer]
    for answer in [*wrong, *([retry] if "us" not in retry else [])]:
        print("WRONG", answer, file=sys.stderr)
    return 1 if wrong or "us" not in retry else 0


# --- what is run -----------------------------------------------------------------------------------------------------


def ours(folder: Path) -> dict[str, Path]:
    """Our workloads as files, which every language can read."""
    files = {}
    for name, make in WORKLOADS.items():
        files[name] = folder / f"{name}.json"
        files[name].write_text(json.dumps(dataclasses.asdict(make())), encoding="utf-8")
    return files


def yardstick(folder: Path) -> dict[str, Path]:
    """The definitions that others have been measured with, in our shape; ours for what they lack."""
    files = ours(folder)
    source = YARDSTICK / "workloads.py"
    if not source.exists():
        print("The yardstick's definitions are in ../shared/bench, which is not here: ours are used", file=sys.stderr)
        return files
    shutil.copy(source, folder / "workloads.py")
    subprocess.run([sys.executable, str(folder / "workloads.py")], check=True, stdout=subprocess.DEVNULL)
    for name, theirs in ({name: name for name in NAMES} | {"W3k": "W3s"}).items():
        given = json.loads((folder / "workloads" / f"{theirs}.json").read_text(encoding="utf-8"))
        kept = {key: given[key] for key in ("definition", "input", "expected", "states")}
        workload = Workload(name=name, title=WORKLOADS[name]().title, mocks=given.get("mocks", {}), **kept)
        files[name].write_text(json.dumps(dataclasses.asdict(workload)), encoding="utf-8")
    return files


def installed(notes: list[str]) -> dict[str, str]:
    """Peer → its interpreter or folder, installed on first use into .peers; a note for each that cannot be."""
    found = {}
    python = PEERS / MOTO / "bin" / "python"
    try:
        if not python.exists():
            print("Installing moto in an environment of its own", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", str(PEERS / MOTO)], check=True, capture_output=True)
            install = [str(python), "-m", "pip", "install", "-q", "moto[stepfunctions]", "boto3"]
            subprocess.run(install, check=True, capture_output=True)
        found[MOTO] = str(python)
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(PEERS / MOTO, ignore_errors=True)
        notes.append("moto could not be installed here and stands aside")
    folder = PEERS / "node"
    try:
        if not (folder / "node_modules" / NODE).exists():
            print(f"Installing {NODE}", file=sys.stderr)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
            install = ["npm", "install", "--silent", "--no-audit", "--no-fund", f"{NODE}@3"]
            subprocess.run(install, check=True, capture_output=True, cwd=folder)
        subprocess.run(["node", "--version"], check=True, capture_output=True)
        found[NODE] = str(folder)
    except (OSError, subprocess.CalledProcessError):
        notes.append(f"{NODE} needs Node and npm, which are not here, and stands aside")
    return found


# --- measuring -------------------------------------------------------------------------------------------------------


def turn(peer: str, name: str, file: Path, seconds: float, interpreter: str = sys.executable) -> dict[str, Any]:
    """One process; what it printed, or what was wrong with it."""
    if peer == NODE:
        command = ["node", str(HERE / "node_peer.mjs"), interpreter, str(seconds)]
    else:
        command = [interpreter, "-m", "tests.bench.measure", peer, str(file), str(seconds)]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    try:
        with file.open("rb") as given:
            done = subprocess.run(command, cwd=ROOT, stdin=given, capture_output=True, timeout=180, env=environment)
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return {"peer": peer, "workload": name, "wrong": "was not done after three minutes"}
    except (IndexError, ValueError):
        told = done.stderr.decode(errors="replace").strip().splitlines() or ["said nothing"]
        return {"peer": peer, "workload": name, "wrong": told[-1][:200]}


def measure(
    names: tuple[str, ...], files: dict[str, Path], peers: dict[str, str], rounds: int, seconds: float
) -> dict[tuple[str, str], dict[str, Any]]:
    """(workload, peer) → the median over the rounds. Ratios to the floor are taken round by round, before the median."""
    results: dict[tuple[str, str], dict[str, Any]] = {}
    for name in names:
        turns: dict[str, list[dict[str, Any]]] = {}
        for _ in range(rounds):
            for peer in (OURS, FLOOR, LEAN):
                turns.setdefault(peer, []).append(turn(peer, name, files[name], seconds))
            if NODE in peers and name != "W8":
                turns.setdefault(NODE, []).append(turn(NODE, name, files[name], seconds, peers[NODE]))
        if MOTO in peers and name in IN_MOTO:
            turns[MOTO] = [turn(MOTO, name, files[IN_MOTO[name]], seconds, peers[MOTO])]
        for peer, answers in turns.items():
            bad = [answer for answer in answers if "us" not in answer]
            if bad:
                results[name, peer] = bad[0]
                continue
            results[name, peer] = answers[0] | {"us": statistics.median(answer["us"] for answer in answers)}
            base = [answer.get("us") for answer in turns[FLOOR]]
            if peer in (OURS, LEAN) and all(base):
                ratios = [answer["us"] / least for answer, least in zip(answers, base, strict=True)]
                results[name, peer]["ratio"] = statistics.median(ratios)
        print(name, {peer: round(results[name, peer].get("us", -1), 2) for peer in turns}, file=sys.stderr)
    return results


def started(machine: Path) -> float | None:
    """Seconds until `python -m engine run` has run one small machine: the median of nine. None when it cannot."""
    command = [sys.executable, "-m", "engine", "run", str(machine), "--input", "{}"]
    times = []
    for _ in range(9):
        began = time.perf_counter()
        if subprocess.run(command, cwd=ROOT, capture_output=True).returncode:
            return None
        times.append(time.perf_counter() - began)
    return statistics.median(times)


# --- telling ---------------------------------------------------------------------------------------------------------


def written(
    names: tuple[str, ...],
    results: dict[tuple[str, str], dict[str, Any]],
    retry: dict[str, Any],
    start: float | None,
    notes: list[str],
    asked: argparse.Namespace,
) -> str:
    """RESULTS.md."""
    peers = (OURS, LEAN, FLOOR, MOTO, NODE)
    lines = [
        "# What a state costs",
        "",
        "Written by `make bench`. CPU microseconds per state entered; every stage is recorded unless the column says"
        " otherwise. The floor is a bare loop that shows what CPython can do.",
        "",
        f"{date.today().isoformat()} · {machine()} · definitions: {'the yardstick' if asked.yardstick else 'ours'}"
        f" · {versions()}",
        "",
        "| workload | " + " | ".join(peers) + " |",
        "|---" * (len(peers) + 1) + "|",
    ]
    for name in names:
        cells = [cell(results.get((name, peer))) for peer in peers]
        lines.append(f"| {name} {WORKLOADS[name]().title} | " + " | ".join(cells) + " |")
    lines += ["", "## Against the targets", "", "| | what | measured | target | |", "|---|---|---|---|---|"]
    for row in verdicts(names, results, retry, start):
        lines.append("| " + " | ".join(row) + " |")
    if notes:
        lines += ["", "## What stood aside", "", *(f"- {note}" for note in notes)]
    return "\n".join(lines) + "\n"


def cell(answer: dict[str, Any] | None) -> str:
    if answer is None:
        return "–"
    return f"{answer['us']:,.2f}" if "us" in answer else ("–" if "absent" in answer else "fails")


def verdicts(
    names: tuple[str, ...], results: dict[tuple[str, str], dict[str, Any]], retry: dict[str, Any], start: float | None
) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []

    def row(name: str, what: str, value: float | None, shown: str, target: str, met: bool) -> None:
        if value is not None:
            rows.append((name, what, shown, target, "met" if met else "**missed**"))

    for name in names:
        mine, lean = results[name, OURS], results[name, LEAN]
        us = mine.get("us")
        ratio, most = mine.get("ratio"), MOST.get((name, FLOOR))
        if most is not None and ratio is not None:
            row(name, "times the floor", ratio, f"{ratio:.2f}", f"at most {most}", ratio <= most)
            if lean.get("ratio"):
                small = lean["ratio"]
                row(
                    name,
                    "times the floor, outcomes only",
                    small,
                    f"{small:.2f}",
                    f"at most {LEAN_MOST}",
                    small <= LEAN_MOST,
                )
        if name == "W3" and us:
            row(name, "µs per small state", us, f"{us:.1f}", "at most 15", us <= 15)
            row(
                name,
                "MB that the trace keeps",
                mine["mb"],
                f"{mine['mb']:.0f}",
                f"at most {MOST_MB}",
                mine["mb"] <= MOST_MB,
            )
        moto = results.get((name, MOTO), {}).get("us")
        if us and moto and name in LEAST:
            row(
                name,
                "times quicker than moto",
                moto,
                f"{moto / us:,.0f}",
                f"at least {LEAST[name]}",
                moto / us >= LEAST[name],
            )
        node = results.get((name, NODE), {}).get("us")
        if us and node:
            row(name, f"times quicker than {NODE}", node, f"{node / us:.1f}", "more than 1", node > us)
    if "W8" in names:
        hour = "us" in results["W8", OURS]
        rows.append(
            ("W8", "waits, to the millisecond", "exact" if hour else "wrong", "exact", "met" if hour else "**missed**")
        )
    exact = "us" in retry
    rows.append(
        ("", "retry waits of 1, 2 and 4 s", "exact" if exact else "wrong", "exact", "met" if exact else "**missed**")
    )
    if start is not None:
        row(
            "",
            "s for `python -m engine run` with one state, start to end",
            start,
            f"{start:.2f}",
            f"under {MOST_START}",
            start < MOST_START,
        )
    return rows


def machine() -> str:
    """What kind of machine this is, without naming it."""
    model = ""
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        found = [
            line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")
        ]
        model = f" {found[0]}," if found else ""
    return f"{os.cpu_count()} cores,{model} {platform.system()} {platform.machine()}"


def versions() -> str:
    told = [f"CPython {platform.python_version()}"]
    python = PEERS / MOTO / "bin" / "python"
    if python.exists():
        ask = "import moto; print(moto.__version__)"
        told.append("moto " + subprocess.run([python, "-c", ask], capture_output=True, text=True).stdout.strip())
    package = PEERS / "node" / "node_modules" / NODE / "package.json"
    if package.exists():
        told.append(f"{NODE} {json.loads(package.read_text())['version']}")
        told.append("Node " + subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip())
    return " · ".join(told)


if __name__ == "__main__":
    sys.exit(main())
