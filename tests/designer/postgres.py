"""A PostgreSQL server of the tests' own: a new folder, a free port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WITHOUT = "PostgreSQL is not installed here, so its tests stand aside: apt-get install postgresql"


def programs() -> Path | None:
    """The folder of initdb and postgres: Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found and Path(found).resolve().with_name("pg_isready").exists():
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """Starts a server in a folder of its own and gives its address. As root it runs as another user, as it asks for."""
    bin = programs()
    assert bin is not None, WITHOUT
    who: dict[str, object] = {}
    folder = Path(tempfile.mkdtemp(prefix="paso-postgres-"))  # not among pytest's, which are its own user's alone
    if os.geteuid() == 0:
        user = next(one for name in ("postgres", "nobody") for one in pwd.getpwall() if one.pw_name == name)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "cwd": folder, **who}
    made = subprocess.run(
        [bin / "initdb", "-D", data, "-U", "paso", "-A", "trust", "-E", "UTF8", "--no-locale"], **quiet
    )
    assert made.returncode == 0, made.stdout.decode()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    options = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=30"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([bin / "postgres", "-D", data, *options], **{**quiet, "stdout": log})
    try:
        ready = [bin / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"]
        deadline = time.monotonic() + 30
        while subprocess.run(ready).returncode != 0:
            assert running.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        yield f"postgresql://paso@127.0.0.1:{port}/postgres"
    finally:
        running.send_signal(signal.SIGINT)  # at once, whoever is still connected
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
        shutil.rmtree(folder, ignore_errors=True)
