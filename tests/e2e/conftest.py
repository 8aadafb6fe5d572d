"""The real app in a real Chromium: one server and one browser for all journeys, a fresh page for each.

A page collects what no journey may cause, an error on the console or a request to another host, and fails its
test for either when the test is over. Pictures go to tests/e2e/screenshots, to be looked at.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e import chromium

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(__file__).parent / "screenshots"
START_SECONDS = 60
NO_BRACKETS = str.maketrans("[", "-", "]")
WAIT_MS = 15_000  # how long a locator is waited for: two busy cores, never a matter of being right


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is opened: its size in CSS pixels and the colour scheme that the system asks for."""

    width: int = 1440
    height: int = 900
    scheme: str = "light"

    def __str__(self) -> str:
        return f"{self.scheme}-{self.width}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A picture of the page, when a journey fails on its way."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"failed-{item.name.translate(NO_BRACKETS)}.png")
    return report


@contextmanager
def served(script: str, log: Path) -> Iterator[str]:
    """The address of a script of the project, served as `make run` serves the app, on a free port."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += [
        "--server.address",
        "127.0.0.1",
        "--browser.serverAddress",
        "127.0.0.1",
        "--server.fileWatcherType",
        "none",
    ]
    kept = {
        **os.environ,
        "PASO_DATABASE_URL": f"sqlite:///{log.with_name('paso.sqlite3')}",
    }  # not the user's own archive
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env=kept, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_healthy(server, address, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app."""
    with served("app.py", tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def browser(on_ci: bool) -> Iterator[Browser]:
    """A headless Chromium. Without one the journeys stand aside, and on a CI machine they fail."""
    path = chromium.find()
    if path is None:
        (pytest.fail if on_ci else pytest.skip)(chromium.NONE_FOUND)
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def look() -> Look:
    """The look of `page`; a test parametrizes it to be run in several."""
    return Look()


@pytest.fixture
def page(browser: Browser, app_url: str, look: Look) -> Iterator[Page]:
    """A fresh page, with `app_url` as its base; fails its test for console errors and for requests to other hosts."""
    size = {"width": look.width, "height": look.height}
    context = browser.new_context(base_url=app_url, viewport=size, color_scheme=look.scheme, locale="en-US")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    errors: list[str] = []
    strangers: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    def see(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != urlsplit(app_url).netloc:
            strangers.append(url)

    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: see(request.url))
    page.on("websocket", lambda websocket: see(websocket.url))
    yield page
    context.close()
    assert not errors, f"errors on the browser's console: {errors}"
    assert not strangers, f"requests to other hosts: {strangers}"


@pytest.fixture
def picture(page: Page, look: Look) -> Callable[[str], Path]:
    """Saves what is on the page under a name, with the look behind it."""

    def save(name: str) -> Path:
        PICTURES.mkdir(exist_ok=True)
        path = PICTURES / f"{name}-{look}.png"
        page.screenshot(path=path)
        return path

    return save


@pytest.fixture
def settled(page: Page) -> Callable[[], None]:
    """Waits until the app has run to its end and nothing more is on its way to the page."""

    def wait() -> None:
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", state="attached")
        page.wait_for_function("() => !document.querySelector('[data-stale=true]')")

    return wait


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(
        f"The app was not served within {START_SECONDS} s. It said:{os.linesep}{log.read_text(errors='replace')}"
    )
