"""The editor's Python face: what is sent to the browser, what is read from it, and that its words are all there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from designer.components.code import TEXTS, events
from designer.components.code.wording import translated
from designer.components.mounting import ASSETS, COMPONENTS
from designer.texts import Texts

FOLDER = COMPONENTS / "code"
CASES = json.loads((Path(__file__).parents[1] / "cases" / "code" / "events.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_the_browser_tells_is_read_or_refused(case: dict[str, Any]) -> None:
    event = getattr(events, f"read_{case['read']}")(case["state"])
    assert (None if event is None else json.loads(json.dumps(asdict(event)))) == case["event"]


def test_a_text_longer_than_any_definition_is_refused() -> None:
    told = {"text": " " * (events.LONGEST_TEXT + 1), "rev": 0, "seq": 1}
    assert events.read_typed({"typed": told}) is None


def page() -> None:
    import streamlit as st

    from designer.components.code import Mark, code
    from designer.texts import Texts
    from engine.vocabulary import vocabulary

    code(
        '{"StartAt": "A"}',
        key="code",
        language="json",
        rev=4,
        marks=[Mark(12, 15, "error", "Missing", ("Add it",))],
        vocabulary=vocabulary({}, None),
        reveal=(1, 5),
        texts=Texts(st.query_params.get("language", "en")),
        on_text=lambda typed: None,
        on_undo=lambda: None,
    )


def sent(language: str) -> dict[str, Any]:
    app = AppTest.from_function(page)
    app.query_params["language"] = language
    app.run()
    assert not app.exception
    return json.loads(app.get("bidi_component")[0].proto.json)


def test_what_the_browser_gets() -> None:
    data = sent("en")
    assert data["text"] == '{"StartAt": "A"}' and data["rev"] == 4 and data["taken"] is None
    assert data["marks"] == [{"start": 12, "end": 15, "severity": "error", "message": "Missing", "fixes": ["Add it"]}]
    assert data["reveal"] == [1, 5]
    assert data["reports"] == {"place": False, "undo": True, "redo": False, "fix": False, "language": False}
    assert data["vocabulary"]["fields"][0]["name"] == "Comment"


def test_words_are_in_the_readers_language() -> None:
    assert sent("es")["texts"]["phrase_replace_all"] == "reemplazar todos"


def test_the_browser_asks_for_no_word_that_is_not_there() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (FOLDER / "frontend" / "src").glob("*.ts"))
    asked = set(re.findall(r"\btexts\.(\w+)", sources))
    phrases = re.search(r"const PHRASES[^{]*\{(.*?)\};", sources, re.DOTALL)
    assert phrases
    asked |= {f"phrase_{name}" for name in re.findall(r"^\s+(\w+):", phrases[1], re.MULTILINE)}
    assert asked == set(TEXTS)
    assert set(translated(Texts("es"))) == set(TEXTS)


def test_every_word_of_the_editors_parts_is_one_that_they_have() -> None:
    """A phrase of CodeMirror that changed its wording would come out in English: the bundle has each of them."""
    sources = (FOLDER / "frontend" / "src" / "editor.ts").read_text("utf-8")
    phrases = re.search(r"const PHRASES[^{]*\{(.*?)\};", sources, re.DOTALL)
    assert phrases
    bundle = "".join(path.read_text("utf-8") for path in (FOLDER / ASSETS).glob("code-*.js"))
    for phrase in re.findall(r': "([^"]+)",', phrases[1]):
        assert bundle.count(f'"{phrase}"') >= 2, phrase


def test_nothing_typed_and_nothing_edited_is_lost(tmp_path: Path) -> None:
    """`code_sync.ts` plays 2,000 rounds of typing, edits elsewhere, late and lost answers against the editor's own code."""
    modules = FOLDER / "frontend" / "node_modules"
    node, esbuild = shutil.which("node"), modules / ".bin" / "esbuild"
    if node is None or not esbuild.exists():
        pytest.skip("the editor's sources can be run only with Node, after `npm ci` in its frontend folder")
    script = tmp_path / "sync.js"
    bundle = [
        str(esbuild),
        str(Path(__file__).with_name("code_sync.ts")),
        "--bundle",
        "--platform=node",
        f"--outfile={script}",
    ]
    subprocess.run(bundle, check=True, capture_output=True, env={**os.environ, "NODE_PATH": str(modules)}, timeout=60)
    played = subprocess.run([node, str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert played.stdout == "all kept\n" and played.returncode == 0
