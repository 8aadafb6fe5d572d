"""What every test may use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# Two busy cores make single examples slow without anything being wrong; what is found is found every time.
settings.register_profile("paso", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("paso")


RECURSION_LIMIT = sys.getrecursionlimit()


def pytest_runtest_teardown() -> None:
    """A test that lets Python recurse deeper does so for itself: how deep is too deep is part of other tests."""
    sys.setrecursionlimit(RECURSION_LIMIT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys through the browser are marked by where they live, and run last: what is quick to fail fails first."""
    for item in items:
        if "e2e" in item.path.relative_to(ROOT).parts:
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def on_ci() -> bool:
    """Whether this is a CI machine, where a test that could not run is a failure."""
    return bool(os.environ.get("CI"))
