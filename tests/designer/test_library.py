"""The visitor's own workflows: kept as they are changed, opened again as they were left, and nothing typed is lost."""

from __future__ import annotations

import sqlite3

import pytest
from streamlit.testing.v1 import AppTest

from designer.archive import Archive, open_archive

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
