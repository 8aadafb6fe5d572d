"""Which Chromium the browser tests use, and how one is got: the one place that knows.

`python tests/e2e/chromium.py` finds a browser or gets one, and prints its path; the Makefile calls it, and
`conftest.py` asks `find` alone. They look, in this order, at:

1. the path in `PASO_CHROMIUM`;
2. Playwright's own Chromium, downloaded when its download works within `DOWNLOAD_SECONDS`;
3. a Chromium or Chrome of the system;
4. Debian's package, when we are root and there is an apt-get.

A browser counts only once it has really opened a page: a download without the system's libraries does not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, Playwright, sync_playwright

DOWNLOAD_SECONDS = 180
APT_SECONDS = 600
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage")  # containers: no user namespaces, a small /dev/shm

NONE_FOUND = (
    "No Chromium for the browser tests: Playwright's download did not work, the system has none, and Debian's package "
    "could not be installed. Install Chromium or Chrome, or set PASO_CHROMIUM to its path."
)


def find() -> str | None:
    """The path of a Chromium that works, without getting one; None when there is none."""
    named = os.environ.get("PASO_CHROMIUM")
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        candidates = [named] if named else [str(own) if own.exists() else None, *map(shutil.which, SYSTEM_NAMES)]
        return next((path for path in candidates if path and _opens_a_page(playwright, path)), None)


def find_or_get() -> str | None:
    """The path of a Chromium that works, got if need be; None when none can be had."""
    if os.environ.get("PASO_CHROMIUM"):
        return find()
    _download()
    return find() or (find() if _install_package() else None)


def _opens_a_page(playwright: Playwright, path: str) -> bool:
    try:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS), timeout=30_000)
    except Error:
        return False
    try:
        browser.new_page().goto("about:blank")
        return True
    except Error:
        return False
    finally:
        browser.close()


def _download() -> None:
    """Playwright's own Chromium, if its download works; nothing happens when it is there already."""
    _quietly([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS)


def _install_package() -> bool:
    """Debian's package: only for root, only with apt-get."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quietly(["apt-get", "update", "-qq"], APT_SECONDS, environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    return _quietly(install, APT_SECONDS, environment)


def _quietly(command: list[str], seconds: int, environment: dict[str, str] | None = None) -> bool:
    """Whether the command succeeded in time; what it says is of use to nobody, the browser decides."""
    try:
        finished = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    return finished.returncode == 0


if __name__ == "__main__":
    path = find_or_get()
    print(path or NONE_FOUND, file=sys.stdout if path else sys.stderr)
    sys.exit(0 if path else 1)
