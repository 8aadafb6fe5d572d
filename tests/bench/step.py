"""How long a step of the player takes, in a real Chromium: `python -m tests.bench.step`

Two runs are stepped through: a chain of 30 states with every stage of the data's way (`--states`), and a polling loop that
fills the history (`--events`, 25,000). A key is pressed for each step, which lasts from the key's own time stamp until the
frame that shows it has been handed to the screen. Counted beside it: what the page sends over its websocket and how often
the script runs while stepping, which must both be nothing, and how much has come to the page when it can be stepped through.
The exit status is 1 when a target is missed: 50 ms at the 95th percentile, no message, no run, 3 MB.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from tests.e2e import chromium

APP = Path(__file__).parent / "step_app.py"
MOST_MS = 50.0
MOST_BYTES = 3_000_000
START_SECONDS = 60

LISTEN = """() => {
  window.steps = [];
  const shadow = [...document.querySelectorAll('*')].find((element) => element.shadowRoot?.querySelector('.paso')).shadowRoot;
  const step = () => Number(shadow.querySelector('.position').dataset.step);
  window.addEventListener('keydown', (event) => {
    const before = step();
    const shown = () => {
      if (step() === before) return requestAnimationFrame(shown);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.steps.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(null);
    };
    requestAnimationFrame(shown);
  }, true);
}"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a workflow, stepped through. Times in ms, sizes in bytes."""

    title: str
    times: list[float]
    received: int
    ready: float
    messages: int
    reruns: int

    @property
    def met(self) -> bool:
        nothing = not self.messages and not self.reruns
        return p95(self.times) <= MOST_MS and self.received <= MOST_BYTES and nothing


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.bench.step", description="How long a step takes on screen.")
    ask.add_argument("--states", type=int, default=30, help="states of the first run (30)")
    ask.add_argument("--events", type=int, default=25_000, help="events of the second (25,000)")
    ask.add_argument("--most", type=int, default=120, help="steps to take at most in each direction (120)")
    asked = ask.parse_args()
    path = chromium.find()
    if path is None:
        print(chromium.NONE_FOUND, file=sys.stderr)
        return 2
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        queries = (f"states={asked.states}", f"events={asked.events}")
        found = [measure(browser, f"{address}/?{query}", asked.most) for query in queries]
        browser.close()
    print(
        f"{'run':<28}{'steps':>6}{'median':>10}{'p95':>10}{'max':>10}{'received':>11}{'ready':>9}{'sent':>6}{'reruns':>8}"
    )
    for one in found:
        times = f"{statistics.median(one.times):>7.1f} ms{p95(one.times):>7.1f} ms{max(one.times):>7.1f} ms"
        rest = f"{one.received / 1e6:>8.2f} MB{one.ready:>7.1f} s{one.messages:>6}{one.reruns:>8}"
        print(f"{one.title:<28}{len(one.times):>6}{times}{rest}{'' if one.met else '   MISSED'}")
    return 0 if all(one.met for one in found) else 1


def measure(browser: Browser, address: str, most: int) -> Measured:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    sent: list[int] = []
    received: list[int] = []

    def listen(websocket: WebSocket) -> None:
        websocket.on("framesent", lambda frame: sent.append(len(frame)))
        websocket.on("framereceived", lambda frame: received.append(len(frame)))

    page.on("websocket", listen)
    began = time.monotonic()
    page.goto(address)
    page.wait_for_selector(".state[data-node]", timeout=60_000)
    ready = time.monotonic() - began
    page.wait_for_timeout(1500)
    runs, opening, size = runs_of(page), len(sent), sum(received)
    forwards, back = steps(page, most)
    page.wait_for_timeout(1000)
    events = int(page.locator("#runs").get_attribute("data-events") or 0)
    states = page.locator(".position").get_attribute("data-states")
    title = f"{states} visits, {events:,} events"
    done = Measured(title, forwards + back, size, ready, len(sent) - opening, runs_of(page) - runs)
    page.close()
    return done


def steps(page: Page, most: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each step to the end, or as far as `most` allows, and of each step back to the beginning."""
    page.locator(".paso .bar").first.click()
    page.keyboard.press("Home")
    page.evaluate(LISTEN)
    count = min(most, int(page.locator(".position").get_attribute("data-steps") or 1) - 1)
    return press(page, "ArrowRight", count), press(page, "ArrowLeft", count)


def press(page: Page, key: str, count: int) -> list[float]:
    page.evaluate("() => { window.steps.length = 0; }")
    for number in range(1, count + 1):
        page.keyboard.press(key)
        page.wait_for_function("number => window.steps.length >= number", arg=number)
    return [float(took) for took in page.evaluate("() => window.steps")]


def runs_of(page: Page) -> int:
    return int(page.locator("#runs").get_attribute("data-runs") or 0)


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


@contextmanager
def served(script: Path = APP) -> Iterator[str]:
    """The page on a free port of this machine, until it is no longer needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    options += ["--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=APP.parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main())
