"""Nothing that a test of the designer keeps is kept where its user's executions are."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_archive(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file for each test."""
    place = tmp_path_factory.mktemp("archive") / "paso.sqlite3"
    monkeypatch.setenv("PASO_DATABASE_URL", f"sqlite:///{place}")
