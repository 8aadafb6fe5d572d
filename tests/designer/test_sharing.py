"""What a link holds comes back as it was; what is no link is refused in a sentence, and nothing is opened."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from typing import Any

import pytest

from designer import actions, sharing
from designer.session import Change, Scenario, Session, recording_of
from designer.sharing import NotShared
from designer.standalone import page, within_script

SESSION = replace(
    Session(language="es"),
    title={"en": "Own", "es": "Propio"},
    definition='{"StartAt": "Ñandú", "States": {"Ñandú": {"Type": "Succeed"}}}',
    mocks='{"StateMachines": {}}',
    scenarios=(Scenario("one", {"en": "One"}, "{}", case="C", expect='{"status": "FAILED"}', made_up=("T",)),),
    scenario="one",
    input='{"a": [1, 2.5, "\\ud83e\\udd89"]}',
    case="C",
    workflow_type="EXPRESS",
    seed=7,
    changes=(Change("value", 3, "{}"), Change("answer", 5, '{"output": 1, "delay": 20, "heartbeats": [10]}')),
    recording=recording_of("run.json", '{"events": []}', simulated=True),
    cursor=4,
)


def link(told: Any, version: str = "1") -> str:
    return f"{version}.{base64.urlsafe_b64encode(zlib.compress(json.dumps(told).encode())).decode()}"


def told() -> dict[str, Any]:
    body = sharing.packed(SESSION).partition(".")[2]
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def test_a_link_brings_back_everything_that_decides_a_run_and_where_one_stood():
    opened = sharing.opened(f"https://paso.example/?lang=es&p={sharing.packed(SESSION)}&x=1", Session(language="en"))
    assert opened.setting == SESSION.setting
    assert (opened.cursor, opened.scenarios, opened.title) == (4, SESSION.scenarios, SESSION.title)
    assert opened.language == "en", "the language is the reader's; the address says another one"
    assert opened.recording is not None and opened.recording.text == '{"events": []}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", sharing.NOT_OURS),
        ("https://paso.example/?workflow=order", sharing.NOT_OURS),
        ("²." + "A" * 20, sharing.NOT_OURS),
        (link({}, version="2"), sharing.OTHER_VERSION),
        (sharing.packed(SESSION)[:-9], sharing.DAMAGED),
        ("1.%%%", sharing.DAMAGED),
        ("1." + base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode(), sharing.DAMAGED),
        (link([]), sharing.DAMAGED),
        (link({}), sharing.WRONG),
        (link("x" * (sharing.MOST_UNPACKED + 1)), sharing.TOO_LARGE),
    ],
    ids=range(10),
)
def test_what_is_no_link_is_refused_in_a_sentence(text: str, said: str):
    with pytest.raises(NotShared) as refused:
        sharing.opened(text, SESSION)
    assert refused.value.text == said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("definition", ""),
        ("definition", {"StartAt": 1}),
        ("type", "OTHER"),
        ("seed", 1.5),
        ("seed", True),
        ("step", -1),
        ("title", {"en": 3}),
        ("made_up", "T"),
        ("scenarios", [{"name": "x"}]),
        ("recording", {"name": "x"}),
        ("changes", [{"kind": "evil", "moment": 1, "text": "{}"}]),
        ("changes", [{"kind": "value", "moment": -1, "text": "{}"}]),
        ("changes", [{"kind": "value", "moment": 1, "text": "{"}]),
        ("changes", [{"kind": "answer", "moment": 1, "text": '{"delay": -5, "output": 1}'}]),
        ("changes", [{"kind": "answer", "moment": 1, "text": '{"output": 1, "heartbeats": ["soon"]}'}]),
        ("changes", [{"kind": "value", "moment": 1, "text": "{}"}] * 51),
    ],
)
def test_a_field_that_was_tampered_with_is_named(field: str, value: Any):
    with pytest.raises(NotShared) as refused:
        sharing.opened(link({**told(), field: value}), SESSION)
    assert refused.value.values == {"field": field}


def test_what_is_remembered_of_a_recording_does_not_trust_its_link():
    changed = told()
    changed["recording"]["digest"] = "somebody else's"
    opened = sharing.opened(link(changed), Session())
    assert opened.recording == SESSION.recording


def test_the_page_ends_no_script_early_and_asks_no_host():
    made = page({"graph": {"name": "</script><img src=x onerror=alert(1)>"}}, title="<b>&", language="es")
    data = made.partition('id="run">')[2].partition("</script>")[0]
    assert json.loads(data)["graph"]["name"].startswith("</script>")
    assert "<title>&lt;b&gt;&amp;" in made
    assert "src=" not in made.partition("<body>")[0] and "default-src 'none'" in made
    assert "<" not in within_script("<!-- </script>")


def test_an_earlier_change_gives_back_the_definition_before_it():
    session = actions.change(replace(SESSION, recording=None, changes=()), Change("value", 3, "{}"))
    other = actions.write(session, "definition", '{"StartAt": "B"}', usable=True)
    assert other.setting.before.definition == SESSION.definition
    assert other.setting.before == replace(session.setting)
    assert other.setting.before.before.changes == ()
