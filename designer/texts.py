"""Every word of the interface, in the reader's language: gettext catalogues per session, numbers and money by CLDR.

The msgids are the English texts, so the English catalogue holds only what differs from them (plural forms). The `.po`
files are the truth: they are compiled in memory when first used, so there is no binary that could be out of date.

    python -m designer.texts        collects the msgids of the sources into the catalogues and says what is missing

Texts carry named placeholders (`{name}`), never positions, so that a translation may change their order.
"""

from __future__ import annotations

import ast
import gettext
import io
import re
import string
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_datetime, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.numbers import format_compact_decimal, format_currency, format_decimal

from engine import palette, vocabulary
from engine.fields import FIELDS
from engine.problems import CATALOGUE
from engine.writing import NO_WAY_BACK

LANGUAGES = {"es": "Español", "en": "English"}
"""Code and own name, in the order of the switch. The code is also the name of the folder in `locale/`."""

DEFAULT = "en"
FOLDER = Path(__file__).parent / "locale"
_MARKDOWN = re.compile(r"([\\`*_\[\]()<>#~|$:!{}+.-])")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language. `t("Run")` is the translation; the other methods write values as its readers do."""

    language: str

    def __call__(self, message: str, /, **values: object) -> str:
        return _fill(_catalogue(self.language).gettext(message), values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """`plural("{n} state", "{n} states", 3)`; `n` is written as the language writes numbers."""
        return _fill(_catalogue(self.language).ngettext(one, many, n), {"n": self.number(n), **values})

    def pick(self, texts: Mapping[str, str] | str) -> str:
        """One of several translations that stand in data: `{"en": …, "es": …}`, or a text that has only one form."""
        if isinstance(texts, str):
            return texts
        return texts.get(self.language) or texts.get(DEFAULT) or next(iter(texts.values()), "")

    def number(self, value: int | float | Decimal, digits: int = 3) -> str:
        """At most `digits` decimals, none of them in vain."""
        return format_decimal(value, "#,##0." + "#" * digits, locale=self.language)

    def money(self, dollars: Decimal | float, digits: int = 10, least: int = 2) -> str:
        """US dollars with every decimal that means something: `$0.000425`, `0,000425 US$`."""
        tail = "0" * least + "#" * (digits - least)
        pattern = f"¤#,##0.{tail}" if self.language == "en" else f"#,##0.{tail}\u00a0¤"
        return format_currency(
            dollars, "USD", pattern, locale=self.language, currency_digits=False, decimal_quantization=True
        )

    def compact(self, value: int) -> str:
        """`1,000`, but `1 million` for what has many zeros."""
        if value < 1_000_000:
            return self.number(value)
        return format_compact_decimal(value, format_type="long", locale=self.language, fraction_digits=2)

    def span(self, milliseconds: int | float) -> str:
        """A length of time in the two units that matter: `320 ms`, `11.9 s`, `3 min 20 s`, `2 h 5 min`, `365 d`."""
        if milliseconds < 1_000:
            return f"{self.number(milliseconds, 0)}\u00a0ms"
        if milliseconds < 120_000:
            return f"{self.number(milliseconds / 1000)}\u00a0s"
        seconds = round(milliseconds / 1000)
        for size, unit, smaller, smaller_unit in _UNITS:
            if seconds >= size:
                rest = seconds % size // smaller
                first = f"{self.number(seconds // size)}\u00a0{unit}"
                return f"{first} {rest}\u00a0{smaller_unit}" if rest else first
        return f"{self.number(seconds)}\u00a0s"

    def moment(self, milliseconds: int) -> str:
        """A point in time (ms since 1970, UTC) to the millisecond, as the executions table of the console writes it."""
        when = datetime.fromtimestamp(milliseconds / 1000, UTC)
        pattern = "MMM d, y HH:mm:ss.SSS" if self.language == "en" else "d MMM y HH:mm:ss,SSS"
        return format_datetime(when, pattern, locale=self.language)

    def ago(self, milliseconds: int) -> str:
        """How long a point in time (ms since 1970) is past: `3 minutes ago`, `hace 3 minutos`."""
        past = timedelta(seconds=max(1, time.time() - milliseconds / 1000))
        return format_timedelta(-past, add_direction=True, locale=self.language)


_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))


def nearest_language(wanted: str | None) -> str:
    """The language we have for a locale such as `es-MX`; English for every other."""
    code = (wanted or "").replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else DEFAULT


def plain(text: object) -> str:
    """Foreign text for a place that reads Markdown: every sign that Markdown knows stands for itself."""
    return _MARKDOWN.sub(r"\\\1", str(text)).replace("\n", " ")


def placeholders(text: str) -> set[str]:
    """The names a text is filled with; parity between a msgid and its translation is tested."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def catalogue_of(language: str) -> Catalog:
    """The catalogue as written in the `.po` file."""
    with (FOLDER / language / "LC_MESSAGES" / "paso.po").open("rb") as file:
        return read_po(file, locale=language, domain="paso")


def messages_in_sources() -> Iterator[str | tuple[str, str]]:
    """Every msgid that the sources ask for, f-strings included, and of the engine its catalogue of problems, the verbs of
    its fixes, why an edit is refused, the titles of its palette, the words of its charts, the help of its fields and functions.

    A pair is singular and plural.
    """
    engine = Path(__file__).parents[1] / "engine"
    told = (*engine.glob("fixes*.py"), *engine.glob("edit*.py"), engine / "fragments.py", engine / "charts.py")
    for path in sorted((*Path(__file__).parent.rglob("*.py"), *told)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            texts = [text.value for text in node.args if isinstance(text, ast.Constant) and isinstance(text.value, str)]
            if name in ("t", "N_", "fix", "say", "NotPossible") and texts:
                yield texts[0]
            elif name == "plural" and len(texts) >= 2:
                yield texts[0], texts[1]
    for entry in CATALOGUE.values():
        yield from filter(None, (entry.text, entry.fix, entry.help))
    for field in FIELDS:
        yield field.help
    yield from palette.messages()
    yield NO_WAY_BACK
    yield from vocabulary.messages()


def _fill(text: str, values: Mapping[str, object]) -> str:
    return text.format(**values) if values else text


@cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue_of(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def collect() -> int:
    """Brings the catalogues up to the sources: new msgids come in empty, unused ones go. Answers how many are empty."""
    template = Catalog(domain="paso", project="Paso", charset="utf-8")
    for message in messages_in_sources():
        template.add(message)
    missing = 0
    for language, name in LANGUAGES.items():
        path = FOLDER / language / "LC_MESSAGES" / "paso.po"
        catalogue = catalogue_of(language) if path.exists() else Catalog(Locale.parse(language), domain="paso")
        template.creation_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.header_comment = f"# Paso: {name}"
        catalogue.fuzzy = False
        catalogue.project, catalogue.version = "Paso", "1"
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
        empty = [
            entry.id for entry in catalogue if entry.id and language != DEFAULT and not any(_strings(entry.string))
        ]
        for message in empty:
            sys.stdout.write(f"{language}: {message!r} has no translation\n")
        missing += len(empty)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = io.BytesIO()
        write_po(written, catalogue, width=0, omit_header=False, sort_output=True, no_location=True)
        path.write_bytes(written.getvalue().rstrip() + b"\n")
    return missing


def _strings(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


if __name__ == "__main__":
    sys.exit(1 if collect() else 0)
