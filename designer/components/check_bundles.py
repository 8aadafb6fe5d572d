"""Is each committed bundle what its sources make? `python -m designer.components.check_bundles`

With Node and npm the bundle is built anew, into a temporary folder, and compared byte by byte. Without them (or without
the network, the first time) the hashes that the last build wrote beside the bundle are compared: one of its sources, one
of each file. What was done is said; exit status 0 current, 1 not.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

COMPONENTS = Path(__file__).parent
RECORD = "built.json"
"""Written by build.mjs beside the bundle: `{"sources": sha256, "files": {name: sha256}}`."""
SOURCES = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json", "src")
BUILD_SECONDS = 180


def main() -> int:
    wrong = False
    for frontend in sorted(COMPONENTS.glob("*/frontend")):
        name = frontend.parent.name
        assets = frontend.parent / "assets"
        done = _rebuilt(frontend, assets)
        how, found = (
            ("built anew", done) if done is not None else ("hashes only, no Node here", _recorded(frontend, assets))
        )
        for sentence in found:
            print(f"{name}: {sentence}", file=sys.stderr)
        if found:
            where = frontend.relative_to(Path.cwd()) if frontend.is_relative_to(Path.cwd()) else frontend
            print(f"{name}: run `npm ci --ignore-scripts && node build.mjs` in {where}", file=sys.stderr)
            wrong = True
        else:
            print(f"{name}: the bundle is current ({how})")
    return 1 if wrong else 0


def _rebuilt(frontend: Path, assets: Path) -> list[str] | None:
    """What differs from a fresh build; None when none can be made here."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return None
    lock, installed = frontend / "package-lock.json", frontend / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        done = _quietly(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], frontend)
        if done is None or done.returncode:
            return None
    with tempfile.TemporaryDirectory() as folder:
        done = _quietly(["node", "build.mjs", folder], frontend)
        if done is None:
            return None
        if done.returncode:
            return [f"the sources do not build: {done.stderr.strip()}"]
        return list(_differences(Path(folder), assets))


def _quietly(command: list[str], where: Path) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None


def _differences(fresh: Path, assets: Path) -> Iterator[str]:
    made, kept = ({path.name: path for path in folder.iterdir()} for folder in (fresh, assets))
    for name in sorted(made.keys() | kept.keys()):
        if name not in kept:
            yield f"{name} is made by the sources and is not in assets/"
        elif name not in made:
            yield f"{name} is in assets/ and is not made by the sources"
        elif made[name].read_bytes() != kept[name].read_bytes():
            yield f"{name} is not what the sources make"


def _recorded(frontend: Path, assets: Path) -> list[str]:
    """What differs from the hashes of the last build."""
    try:
        record = json.loads((assets / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return [f"{RECORD} is missing or unreadable"]
    found = [] if record["sources"] == sources_hash(frontend) else ["the sources are newer than the bundle"]
    kept = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in assets.iterdir() if path.name != RECORD
    }
    found += [f"{name} is not as it was built" for name in sorted(kept) if kept[name] != record["files"].get(name)]
    return found + [f"{name} is missing" for name in sorted(record["files"]) if name not in kept]


def sources_hash(frontend: Path) -> str:
    """One hash over all sources: for each, in the order of their paths, its path and its content, each ended by a NUL."""
    files = [
        path for name in SOURCES for path in sorted([frontend / name, *(frontend / name).rglob("*")]) if path.is_file()
    ]
    together = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.relative_to(frontend).as_posix()):
        for part in (path.relative_to(frontend).as_posix().encode(), path.read_bytes()):
            together.update(part + b"\0")
    return together.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
