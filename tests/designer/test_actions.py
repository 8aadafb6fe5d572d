"""What a visitor can do, tried as plain functions."""

from __future__ import annotations

import json
from decimal import Decimal

from designer import actions
from designer.session import MOST_EDITS, MOST_RUNS, Outcome, Scenario, Session

PLACED = Scenario("placed", "Placed", '{"n": 1}', case="Good", workflow_type="EXPRESS")
REFUSED = Scenario("refused", "Refused", '{"n": 2}', case="Bad")
OUTCOME = Outcome("run", "SUCCEEDED", 0, 10, 3, Decimal("0.000075"))


def opened() -> Session:
    return actions.open_workflow(
        Session(language="es", paste="{"),
        workflow="order",
        title={"en": "Order"},
        definition='{"StartAt": "A"}',
        path="workflow.asl.json",
        mocks="{}",
        scenarios=(PLACED, REFUSED),
    )


def test_opening_a_workflow_takes_its_first_scenario_and_keeps_language_and_paste():
    session = opened()
    assert (session.scenario, session.input, session.case, session.workflow_type) == (
        "placed",
        '{"n": 1}',
        "Good",
        "EXPRESS",
    )
    assert (session.language, session.paste) == ("es", "{")


def test_a_scenario_brings_input_case_and_type_and_makes_the_editors_anew():
    before = opened()
    after = actions.choose_scenario(actions.write(before, "input", "{", usable=False), "refused")
    assert (after.input, after.case, after.workflow_type) == ('{"n": 2}', "Bad", "STANDARD")
    assert "input" not in after.drafts
    assert after.revision > before.revision
    assert actions.choose_scenario(before, "nobody") is before


def test_what_makes_no_sense_is_kept_as_a_draft_and_the_truth_stays():
    session = actions.write(opened(), "input", '{"n": ', usable=False)
    assert session.input == '{"n": 1}'
    assert actions.shown(session, "input") == '{"n": '
    mended = actions.write(session, "input", '{"n": 7}', usable=True)
    assert mended.input == '{"n": 7}'
    assert mended.drafts == {}
    assert mended.case == "Good", "an own input is still answered by the scenario's mocks"


def test_a_draft_can_be_dropped():
    session = actions.drop_draft(actions.write(opened(), "definition", "{", usable=False), "definition")
    assert actions.shown(session, "definition") == '{"StartAt": "A"}'


def test_empty_mocks_are_none():
    assert actions.write(opened(), "mocks", "  \n", usable=True).mocks is None


def test_a_second_click_shuts_the_drawer():
    session = actions.toggle_drawer(Session(), "mocks")
    assert session.drawer == "mocks"
    assert actions.toggle_drawer(session, "input").drawer == "input"
    assert actions.toggle_drawer(session, "mocks").drawer is None


def test_a_dropped_file_fills_the_box_whatever_its_bytes():
    session = actions.drop_file(Session(), "order.asl.yaml", b"\xef\xbb\xbfStartAt: \xff")
    assert (session.paste, session.paste_path) == ("StartAt: \ufffd", "order.asl.yaml")


def test_runs_are_numbered_and_bounded():
    session = opened()
    row = ("placed", session.setting, OUTCOME)
    session = actions.note_all(session, [row] * (MOST_RUNS + 5))
    assert len(session.runs) == MOST_RUNS
    assert (session.runs[0].number, session.runs[-1].number) == (6, MOST_RUNS + 5)
    assert actions.note(session, session.setting, OUTCOME, "placed").runs[-1].number == MOST_RUNS + 6


def test_a_run_is_looked_at_as_it_was_run():
    session = opened()
    rows = actions.batch(session, [PLACED, REFUSED], 2)
    session = actions.note_all(session, [(name, setting, OUTCOME) for name, setting in rows])
    looked = actions.look_at(actions.choose_scenario(session, "placed"), 4)
    assert (looked.scenario, looked.setting) == rows[3]
    assert actions.look_at(session, 99) is session


def test_a_batch_takes_turns_with_own_dice_a_second_apart():
    rows = actions.batch(opened(), [PLACED, REFUSED], 3)
    assert [name for name, _ in rows] == ["placed", "refused"] * 3
    assert [setting.seed for _, setting in rows] == [1, 2, 3, 4, 5, 6]
    assert [setting.delay for _, setting in rows] == [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]
    assert {setting.case for _, setting in rows} == {"Good", "Bad"}


def test_count_and_memory_stay_within_what_can_be_billed():
    assert actions.count(Session(), 0).count == 1
    assert actions.memory(Session(), 65).memory == 128
    assert actions.memory(Session(), 1).memory == 64


# One stack for all views of the definition ------------------------------------------------------------------------------


def test_an_edit_can_be_undone_and_done_again_with_what_was_selected():
    before = actions.select(opened(), ("/States/A",))
    after = actions.rewrite(before, '{"StartAt": "B"}', usable=True, selected=("/States/B",))
    back = actions.undo(after, usable=True)
    assert (back.definition, back.selected) == ('{"StartAt": "A"}', ("/States/A",))
    again = actions.redo(back, usable=True)
    assert (again.definition, again.selected) == ('{"StartAt": "B"}', ("/States/B",))
    assert before.edition < after.edition < back.edition < again.edition
    assert actions.undo(opened(), usable=True).definition == '{"StartAt": "A"}'


def test_a_text_that_makes_no_sense_is_undone_like_any_other():
    broken = actions.rewrite(opened(), "{", usable=False)
    assert (broken.text, broken.definition) == ("{", '{"StartAt": "A"}')
    back = actions.undo(broken, usable=True)
    assert (back.text, back.drafts) == ('{"StartAt": "A"}', {})
    assert actions.redo(back, usable=False).text == "{"
    dropped = actions.drop_draft(broken, "definition")
    assert actions.undo(dropped, usable=False).text == "{", "a dropped draft can be had back"


def test_another_edit_takes_away_what_could_be_done_again():
    back = actions.undo(actions.rewrite(opened(), "{}", usable=False), usable=True)
    assert actions.rewrite(back, '{"StartAt": "C"}', usable=True).future == ()


def test_what_is_typed_in_one_go_is_one_edit():
    session = opened()
    for text in ('{"StartAt": "Ab"}', '{"StartAt": "Abc"}', '{"StartAt": "Abcd"}'):
        session = actions.type_definition(session, text, usable=True)
    assert actions.undo(session, usable=True).text == '{"StartAt": "A"}'
    elsewhere = actions.type_definition(session, ' {"StartAt": "Abcd"}', usable=True)
    assert actions.undo(elsewhere, usable=True).text == '{"StartAt": "Abcd"}'


def test_another_notation_is_undone_with_its_file_name():
    after = actions.rewrite(opened(), "StartAt: A\n", usable=True, path="workflow.asl.yaml")
    assert (after.path, actions.undo(after, usable=True).path) == ("workflow.asl.yaml", "workflow.asl.json")


def test_edits_are_bounded_and_opening_another_workflow_forgets_them():
    session = opened()
    for number in range(MOST_EDITS + 5):
        session = actions.rewrite(session, f'{{"StartAt": "{number}"}}', usable=True)
    assert len(session.past) == MOST_EDITS
    assert actions.open_workflow(session, workflow="", title="", definition="{}", path=None).past == ()


def test_mocks_and_scenarios_follow_a_state_that_gets_another_name_and_its_undo():
    config = {"StateMachines": {"order": {"TestCases": {"Good": {"A": "Yes"}}}}, "MockedResponses": {"Yes": {}}}
    before = actions.mock(opened(), json.dumps(config), "Good", ("A", "C"))
    after = actions.rewrite(before, '{"StartAt": "B"}', usable=True, renamed=(("A", "B"),))
    assert json.loads(after.mocks or "")["StateMachines"]["order"]["TestCases"] == {"Good": {"B": "Yes"}}
    assert (after.made_up, after.chosen and after.chosen.made_up) == (("B", "C"), ("B", "C"))
    back = actions.undo(after, usable=True)
    assert (json.loads(back.mocks or ""), back.made_up) == (config, ("A", "C"))
    again = actions.redo(back, usable=True)
    assert (again.mocks, again.made_up) == (after.mocks, ("B", "C"))
    assert actions.undo(again, usable=True).made_up == ("A", "C")
