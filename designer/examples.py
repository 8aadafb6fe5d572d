"""The workflows that come with Paso: a folder each in `assets/examples/`.

about.json          title and description by language, services, level (1 to 3), type, order
workflow.asl.json   the definition
mocks.json          answers of the services, a MockConfigFile of Step Functions Local
scenarios.json      {"scenarios": [{name, title, type, mocks (the test case), input, expect}]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designer.session import Scenario, WorkflowType

ASSETS = Path(__file__).parents[1] / "assets"
FOLDER = ASSETS / "examples"
HISTORIES = ASSETS / "histories"
DEFINITION = "workflow.asl.json"


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    title: Mapping[str, str] | str
    description: Mapping[str, str] | str
    services: tuple[str, ...]
    level: int
    workflow_type: WorkflowType
    definition: str
    path: str
    mocks: str | None
    scenarios: tuple[Scenario, ...]
    order: int


@dataclass(frozen=True, slots=True)
class History:
    """An execution history that comes with Paso, in the shape in which AWS gives them."""

    file: str
    title: Mapping[str, str]
    workflow: str | None
    """The example whose execution it is; None when only the events are there."""
    text: str


def histories(folder: Path = HISTORIES) -> tuple[History, ...]:
    """The histories in the order of `about.json`."""
    told = (_json(folder / "about.json") or {}).get("histories", ())
    return tuple(
        History(one["file"], one["title"], one["workflow"], (folder / one["file"]).read_text("utf-8")) for one in told
    )


def load(folder: Path = FOLDER) -> tuple[Example, ...]:
    """The examples in the order their authors gave them; a folder without a definition is none."""
    found = [_example(path.parent) for path in sorted(folder.glob(f"*/{DEFINITION}"))]
    return tuple(sorted(found, key=lambda example: (example.order, example.name)))


def _example(folder: Path) -> Example:
    about = _json(folder / "about.json") or {}
    told = _json(folder / "scenarios.json") or {}
    mocks = folder / "mocks.json"
    return Example(
        name=folder.name,
        title=about.get("title", folder.name),
        description=about.get("description", ""),
        services=tuple(about.get("services", ())),
        level=about.get("level", 1),
        workflow_type=about.get("type", "STANDARD"),
        definition=(folder / DEFINITION).read_text("utf-8"),
        path=DEFINITION,
        mocks=mocks.read_text("utf-8") if mocks.exists() else None,
        scenarios=tuple(map(_scenario, told.get("scenarios", ()))),
        order=about.get("order", 999),
    )


def _scenario(told: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=told["name"],
        title=told.get("title", told["name"]),
        input=json.dumps(told.get("input", {}), indent=2, ensure_ascii=False),
        case=told.get("mocks"),
        workflow_type=told.get("type", "STANDARD"),
        expect=json.dumps(told["expect"], indent=2, ensure_ascii=False) if "expect" in told else "",
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else None
