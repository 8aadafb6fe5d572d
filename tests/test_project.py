"""What the project says about itself is true: its requirements, its documents, its doctests, its rules for state."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import engine

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(engine.__path__, "engine.") if not module.name.endswith("__main__")
)
ONLY_HERE = {
    "st.session_state": ("designer/store.py", "designer/components/"),  # a component reads its own events
    "st.cache_": ("designer/compute.py", "designer/drafting.py"),
}


def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins(name: str) -> dict[str, Requirement]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {requirement.name.lower(): requirement for requirement in found}


def test_every_dependency_is_pinned_within_the_range_that_is_declared():
    pinned = pins("requirements.txt")
    declared = {one.name.lower(): one for one in map(Requirement, pyproject()["project"]["dependencies"])}
    assert pinned.keys() == declared.keys()
    for name, requirement in pinned.items():
        (pin,) = requirement.specifier
        assert pin.operator == "==" and declared[name].specifier.contains(pin.version), name


def test_every_development_tool_is_pinned():
    for requirement in pins("requirements-dev.txt").values():
        assert [pin.operator for pin in requirement.specifier] == ["=="], requirement


@pytest.mark.parametrize("name", ["engine", *MODULES])
def test_examples_in_docstrings_come_out_as_written(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_links_to_is_there(name):
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    missing = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert not missing


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_and_file_that_a_document_names_is_there(name):
    text = (ROOT / name).read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[`\s]*(?:`|#|$))", text, re.MULTILINE)) <= targets
    files = re.findall(r"(?<![\w/.-])((?:engine|designer|tests|assets|\.streamlit)/[\w./-]+)", text)
    assert not [file for file in files if not (ROOT / file).exists()]


def commands_of_the_readme() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line.startswith("python -m engine")]


@pytest.mark.parametrize("command", commands_of_the_readme())
def test_a_command_of_the_readme_does_what_it_says(command):
    words = shlex.split(command)[1:]
    finished = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout


def test_what_each_file_is_for_is_said():
    """ARCHITECTURE.md names every module of the engine; `rewrite_…` names all that begin so."""
    named = tuple(re.findall(r"`([a-z_]+)(?:/|…)?`", (ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    there = {module.name for module in pkgutil.iter_modules(engine.__path__)} - {"__main__"}
    families = tuple(name for name in named if name.endswith("_"))
    assert {name for name in there - set(named) if not name.startswith(families)} == set()


@pytest.mark.parametrize("what", ONLY_HERE)
def test_streamlits_state_and_caches_have_one_user_each(what):
    users = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.glob("designer/**/*.py"))
        if re.search(rf"^(?!\s*#)[^\"`]*{re.escape(what)}", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert [user for user in users if not user.startswith(ONLY_HERE[what])] == []
