"""The catalogues are complete and keep their placeholders; numbers, money and time are written as readers write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from designer import texts
from designer.panels import sentences
from designer.texts import LANGUAGES, Texts
from engine.parse import parse
from engine.source import load_json
from engine.validate import validate

OTHERS = [language for language in LANGUAGES if language != texts.DEFAULT]


def strings(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())  # type: ignore[arg-type]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_sources_is_translated(language: str):
    catalogue = texts.catalogue_of(language)
    missing = []
    for message in set(texts.messages_in_sources()):
        entry = catalogue.get(message[0] if isinstance(message, tuple) else message)
        if entry is None or not all(strings(entry.string)) or not strings(entry.string):
            missing.append(message)
    assert missing == [], "run python -m designer.texts and translate what it names"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_translated_that_nobody_asks_for(language: str):
    asked = {message[0] if isinstance(message, tuple) else message for message in texts.messages_in_sources()}
    kept = {strings(entry.id)[0] for entry in texts.catalogue_of(language) if entry.id}
    assert kept - asked == set()


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_placeholders(language: str):
    for entry in texts.catalogue_of(language):
        if entry.id:
            wanted = set().union(*map(texts.placeholders, strings(entry.id)))
            for translated in strings(entry.string):
                assert texts.placeholders(translated) == wanted, entry.id


@pytest.mark.parametrize(
    ("en", "es", "write"),
    [
        ("$0.000425", "0,000425\u00a0US$", lambda t: t.money(Decimal("0.000425"))),
        ("$425.00", "425,00\u00a0US$", lambda t: t.money(Decimal(425))),
        ("$12.7746", "12,7746\u00a0US$", lambda t: t.money(Decimal("12.7746"))),
        ("$0.0000001042", "0,0000001042\u00a0US$", lambda t: t.money(Decimal("0.0000001042"))),
        ("320\u00a0ms", "320\u00a0ms", lambda t: t.span(320)),
        ("11.9\u00a0s", "11,9\u00a0s", lambda t: t.span(11_900)),
        ("3\u00a0min 20\u00a0s", "3\u00a0min 20\u00a0s", lambda t: t.span(200_000)),
        ("365\u00a0d", "365\u00a0d", lambda t: t.span(365 * 86_400_000)),
        ("17,000,000", "17.000.000", lambda t: t.number(17_000_000)),
        ("1 million", "1 millón", lambda t: t.compact(1_000_000)),
        ("1,000", "1.000", lambda t: t.compact(1_000)),
        ("1 scenario", "1 escenario", lambda t: t.plural("{n} scenario", "{n} scenarios", 1)),
        ("3 scenarios", "3 escenarios", lambda t: t.plural("{n} scenario", "{n} scenarios", 3)),
        ("Jan 1, 2025 12:00:00.120", "1 ene 2025 12:00:00,120", lambda t: t.moment(1_735_732_800_120)),
        ("two", "dos", lambda t: t.pick({"en": "two", "es": "dos"})),
        ("only", "only", lambda t: t.pick({"fr": "only"})),
        ("same", "same", lambda t: t.pick("same")),
    ],
)
def test_values_are_written_as_readers_write_them(en: str, es: str, write):
    assert (write(Texts("en")), write(Texts("es"))) == (en, es)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("es", "es"), ("es-MX", "es"), ("ES_419", "es"), ("en-GB", "en"), ("fr", "en"), ("", "en"), (None, "en")],
)
def test_a_locale_finds_its_language(wanted: str | None, found: str):
    assert texts.nearest_language(wanted) == found


def test_foreign_text_cannot_speak_markdown():
    assert texts.plain("a*b*[x](y) :red[z] $1$\n# h") == r"a\*b\*\[x\]\(y\) \:red\[z\] \$1\$ \# h"


@pytest.mark.parametrize(
    ("text", "en", "es"),
    [
        ('{"a": }', "A value is missing before }", "Falta un valor antes de }"),
        ('{"a": 1 "b": 2}', 'A comma or } is missing after {"a": 1.', 'Falta una coma o } después de {"a": 1.'),
        ('{"a": True}', "True is no JSON value; write true", "True no es un valor JSON; escribe true"),
        ("{'a': 1}", "Names stand in double quotes, not in single ones", "Los nombres van entre comillas dobles"),
    ],
)
def test_what_is_wrong_with_a_text_is_said_in_both_languages(text: str, en: str, es: str):
    _, problem = load_json(text)
    assert problem is not None
    assert problem.line == 1
    assert sentences.sentence(problem, Texts("en")).startswith(en)
    assert sentences.sentence(problem, Texts("es")).startswith(es)


@pytest.mark.parametrize(
    ("document", "en", "es"),
    [
        (
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Shipp"}, "Ship": {"Type": "Succeed"}}},
            "“Shipp” is not a state here. Did you mean “Ship”?",
            "«Shipp» no es un estado de este flujo. ¿Quisiste decir «Ship»?",
        ),
        (
            {"StartAt": "A", "States": {"A": {"Type": "Task", "End": True}}},
            "These fields are required: [Resource].",
            "Estos campos son obligatorios: [Resource].",
        ),
    ],
)
def test_what_is_wrong_with_a_definition_is_said_in_both_languages(document: dict, en: str, es: str):
    problems = (*validate(document), *parse(document)[1])
    assert en in [sentences.sentence(problem, Texts("en")) for problem in problems]
    assert es in [sentences.sentence(problem, Texts("es")) for problem in problems]


def test_a_sentence_of_unknown_form_stays_as_it_is():
    assert sentences.said_in("line 3, column 4: something new", Texts("es")) == "Something new."
