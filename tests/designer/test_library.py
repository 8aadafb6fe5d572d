"""The visitor's own workflows: kept as they are changed, opened again as they were left, and nothing typed is lost."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from designer import compute, keeping, libraryfile
from designer.archive import Archive, Version, Workflow, open_archive
from designer.library import Taken
from designer.session import Session
from designer.sharing import NotShared
from designer.texts import Texts
from tests.designer.test_pages import page, words

PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
OTHER = PASS.replace("Pass", "Succeed").replace(', "End": true', "")

SCRIPT = """
import streamlit as st
from designer import actions, compute, library, store
from designer.panels import opening

session = store.session()
for act in st.session_state.pop("todo", ()):
    act(actions, opening, store, library, compute)
st.session_state["said"] = library.keep_workflow(store.session(), again=st.session_state.get("again", False))
st.session_state["at"] = library.saved_at(store.session())
"""


def do(app: AppTest, *acts, again: bool = False) -> AppTest:
    """One run of the script that does things first."""
    app.session_state["todo"] = acts
    app.session_state["again"] = again
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def visit() -> AppTest:
    return AppTest.from_string(SCRIPT, default_timeout=30)


@pytest.fixture
def kept(own_archive) -> Archive:
    archive = open_archive()
    yield archive
    archive.close()


def owner(archive: Archive) -> str:
    with archive._engine.begin() as connection:
        return connection.exec_driver_sql("SELECT owner FROM workflows").scalar() or ""


def mine(archive: Archive) -> dict[str, str]:
    return {one.name: one.definition for one in archive.workflows(owner(archive))}


def example(actions, opening, store, library, compute):
    opening.put_on_table(compute.example("order"))


def own(actions, opening, store, library, compute):
    opening.open_own(PASS, "claims.asl.json", "")


def typed(text: str, *, usable: bool = True):
    return lambda actions, opening, store, library, compute: store.act(actions.write, "definition", text, usable=usable)


def given(text: str):
    return lambda actions, opening, store, library, compute: store.act(actions.write, "input", text, usable=True)


def test_an_example_is_kept_when_it_is_changed_and_not_before(visit, kept):
    do(visit, example)
    do(visit, lambda a, o, s, lib, c: s.act(a.choose_scenario, s.session().scenarios[-1].name))
    do(visit, lambda a, o, s, lib, c: s.act(a.choose_type, "EXPRESS"), given('{"other": 1}'))
    assert visit.session_state["said"] is None and mine(kept) == {}
    do(visit, typed(PASS))
    said = visit.session_state["said"]
    assert mine(kept) == {said.name: PASS} and said.name == visit.session_state["paso"].title
    assert visit.session_state["at"] == said.at
    [first] = kept.versions(owner(kept), said.number)
    assert '"StartAt"' in first.definition and first.definition != PASS, "the example as it came"


def test_what_is_pasted_is_kept_at_once_under_the_name_of_its_file(visit, kept):
    do(visit, own)
    assert mine(kept) == {"claims": PASS}
    do(visit, own)
    assert set(mine(kept)) == {"claims", "claims 2"}


def test_nothing_is_written_while_nothing_changes(visit, kept):
    do(visit, own)
    before = kept.workflows(owner(kept))
    do(visit)
    do(visit, given("{}"))
    assert kept.workflows(owner(kept)) == before


def test_drafts_and_inputs_come_back_with_the_workflow(visit, kept):
    do(visit, own, given('{"n": 1}'))
    do(visit, typed('{"StartAt": ', usable=False))
    number = visit.session_state["said"].number
    again = do(AppTest.from_string(SCRIPT), own)
    again.session_state["paso-browser"] = visit.session_state["paso-browser"]
    do(again, lambda a, o, s, lib, c: o.open_kept(number))
    session = again.session_state["paso"]
    assert (session.definition, session.input, session.title) == (PASS, '{"n": 1}', "claims")
    assert session.drafts == {"definition": '{"StartAt": '} and session.own.number == number
    before = kept.workflows(owner(kept))
    do(again)
    assert kept.workflows(owner(kept)) == before, "opening is no change"


def test_a_workflow_that_is_not_there_is_said_and_the_table_stays(visit, kept):
    do(visit, own)
    do(visit, lambda a, o, s, lib, c: o.open_kept(77))
    session = visit.session_state["paso"]
    assert "There is no workflow 77 of yours here" in session.notice.text and session.definition == PASS


def test_while_the_database_is_held_work_goes_on_and_is_kept_later(visit, kept, monkeypatch):
    monkeypatch.setattr("designer.keeping.PATIENCE_SECONDS", 0.1)
    do(visit, own)
    other = sqlite3.connect(kept.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    do(visit, typed(OTHER))
    assert visit.session_state["said"].kind == "locked"
    do(visit, example)
    do(visit, typed(OTHER + " "))
    assert visit.session_state["said"].kind == "locked"
    assert mine(kept) == {"claims": PASS}
    other.execute("ROLLBACK")
    do(visit, example, again=True)
    assert sorted(mine(kept).values()) == [OTHER, OTHER + " "], "also what was put away meanwhile"


def test_an_older_run_on_the_table_takes_nothing_away(visit, kept):
    """Looking is no change; going on from there keeps the newer text as a version."""
    do(visit, own, lambda a, o, s, lib, c: o.run())
    do(visit, typed(OTHER), lambda a, o, s, lib, c: o.run())
    do(visit, lambda a, o, s, lib, c: s.act(a.look_at, 1))
    assert mine(kept) == {"claims": OTHER}
    do(visit, typed(PASS + "\n"))
    assert mine(kept) == {"claims": PASS + "\n"}
    assert [one.definition for one in kept.versions(owner(kept), visit.session_state["said"].number)] == [OTHER]


def test_another_title_on_the_table_is_another_name(visit, kept):
    do(visit, own)
    do(visit, lambda a, o, s, lib, c: s.act(a.owned, s.session().own, "Claims of today"))
    assert mine(kept) == {"Claims of today": PASS}


def test_deleted_on_the_table_it_is_kept_anew_when_it_is_changed(visit, kept):
    do(visit, own)
    number = visit.session_state["said"].number
    do(visit, lambda a, o, s, lib, c: lib.delete([number]))
    assert mine(kept) == {} and visit.session_state["said"] is None
    do(visit, typed(OTHER))
    assert mine(kept) == {"claims": OTHER}
    do(visit, lambda a, o, s, lib, c: lib.bring_back([number]))
    assert mine(kept) == {"claims": OTHER, "claims 2": PASS}


# The whole library as one file


def taken(text: bytes):
    def act(actions, opening, store, library, compute):
        try:
            store.remember("taken", library.take_in(text))
        except NotShared as refused:
            store.remember("taken", refused)

    return act


def export(actions, opening, store, library, compute):
    store.remember("file", library.export(store.owner()))


def test_a_library_goes_into_a_file_and_comes_out_the_same(visit, kept):
    do(visit, example)
    do(visit, typed(PASS))
    do(visit, own)
    do(visit, given('{"n": "\\ud800 ñ"}'), typed("{", usable=False))
    do(visit, export)
    file = visit.session_state["paso-beside-file"]
    before = kept.workflows(owner(kept))
    do(visit, taken(file))
    assert visit.session_state["paso-beside-taken"] == Taken(0, 2), "what is here already is left out"
    kept.delete_workflows(owner(kept), [one.number for one in before])
    do(visit, taken(file))
    assert visit.session_state["paso-beside-taken"] == Taken(2, 0)
    after = kept.workflows(owner(kept))
    assert {(one.name, one.digest) for one in after} == {(one.name, one.digest) for one in before}
    [earlier] = [kept.versions(owner(kept), one.number) for one in after if one.definition == PASS and one.mocks]
    assert [version.definition for version in earlier] == [compute.example("order").definition]


def test_a_taken_name_gets_a_number(visit, kept):
    do(visit, own)
    do(visit, export)
    file = visit.session_state["paso-beside-file"].replace(b"Succeed", b"Pass")
    do(visit, typed(OTHER))
    do(visit, taken(file))
    assert mine(kept) == {"claims": OTHER, "claims 2": PASS}


TOLD = json.loads(libraryfile.written([(Workflow("w", PASS), [Version(0, 5, "{}")])]))


def changed(path: str, value: object) -> bytes:
    """The file with one thing in it another."""
    told = json.loads(json.dumps(TOLD))
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place = told
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "the file is not JSON"),
        (b"\xff\xfe", "the file is not JSON"),
        (b"[" * 100_000, "the file is not JSON"),
        (b"[]", "it does not say that it is one"),
        (b'{"paso": "prices"}', "it does not say that it is one"),
        (changed("version", 2), "format 2; this one reads 1"),
        (changed("version", "x" * 1000), "format " + "x" * 20 + ";"),
        (b" " * (libraryfile.MOST_BYTES + 1), "more than 32 MB"),
        (changed("workflows", [TOLD["workflows"][0]] * 1001), "1001 workflows; at most 1000"),
        (changed("workflows/0", 7), "{} of workflow 1"),
        (changed("workflows/0/definition", None), "definition of workflow 1"),
        (changed("workflows/0/workflow_type", "SLOW"), "workflow_type of workflow 1"),
        (changed("workflows/0/workflow_type", []), "workflow_type of workflow 1"),
        (changed("workflows/0/drafts", {"else": ""}), "drafts of workflow 1"),
        (changed("workflows/0/scenarios", [{"name": "a"}]), "scenarios of workflow 1"),
        (changed("workflows/0/earlier", [{}] * 21), "earlier of workflow 1"),
        (changed("workflows/0/earlier/0/changed", -1), "earlier of workflow 1"),
        (changed("workflows/0/stranger", 1), "stranger of workflow 1"),
    ],
)
def test_what_is_no_library_is_refused_with_a_sentence_and_nothing_changes(visit, kept, content, sentence):
    do(visit, own)
    do(visit, taken(content))
    assert sentence in str(visit.session_state["paso-beside-taken"])
    assert mine(kept) == {"claims": PASS}


# On the page


def test_the_page_teaches_while_nothing_is_kept():
    told = words(page("workflows", Session()))
    assert "What you draw, paste or change is kept here by itself" in told


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_example_is_made_ones_own_renamed_deleted_and_brought_back(language, kept):
    app = page("workflows", Session(language=language))
    app.button(key="own-order").click().run()
    app.button(key="own-order").click().run()
    [second, first] = kept.workflows(owner(kept))
    title = Texts(language).pick(compute.example("order").title)
    assert (first.name, second.name, first.machine) == (title, f"{title} 2", "order")
    assert len(first.scenarios) == len(compute.example("order").scenarios)
    app.session_state["paso-beside-shelf-dialog"] = ("rename", second.number)
    app.run()
    app.text_input(key=f"shelf-name-{second.number}").input(title.upper())
    app.button(key="shelf-rename").click().run()
    assert kept.workflow(owner(kept), second.number).name == f"{title.upper()} 2"
    app.text_input(key="shelf-search").input("nothing like it").run()
    assert not [one for one in app.button if str(one.key).startswith("open-own-")]
    app.text_input(key="shelf-search").input("").run()
    app.button(key=f"open-own-{first.number}").click().run()
    assert app.session_state["paso"].own.number == first.number
    assert not app.exception


def test_an_earlier_text_is_brought_back_and_the_later_one_stays(kept):
    app = page("workflows", Session())
    app.button(key="own-order").click().run()
    [there] = kept.workflows(owner(kept))
    kept.put_workflow(owner(kept), replace(there, definition=PASS), "unseen")
    app.session_state["paso-beside-shelf-dialog"] = ("earlier", there.number)
    app.run()
    app.button(key="shelf-go-back").click().run()
    assert not app.exception
    assert kept.workflow(owner(kept), there.number).definition == there.definition
    assert next(iter(kept.versions(owner(kept), there.number))).definition == PASS


def test_a_database_that_is_newer_is_said_and_the_examples_stand(kept):
    with kept._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    keeping._OPEN.clear()
    app = page("workflows", Session())
    told = words(app)
    assert not app.exception and "newer version of Paso" in told and "Examples" in told
