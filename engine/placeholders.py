"""What a deployment puts into a definition later: `${…}` of CloudFormation, SAM and Terraform, and `%NAME%`.

Such texts are tolerated everywhere. Where they stand in for a path or an expression, they are taken as plain texts, so
that the rest of the definition can be checked and run.
"""

from __future__ import annotations

import re

from engine.expressions import templates
from engine.values import Json

PLACEHOLDER = re.compile(r"\$\{[^}]*\}|%[A-Z][A-Z0-9_]{2,}%|^_tbd_$")
_BARE = re.compile(r"\$\{\s*[A-Za-z_][\w.-]*(?:::[\w.-]+)*\s*\}")


def is_placeholder(value: Json) -> bool:
    """Does this text hold something that a deployment replaces: `${…}`, or `%NAME%`, or `_tbd_`?"""
    return isinstance(value, str) and PLACEHOLDER.search(value) is not None


def is_jsonata(value: Json) -> bool:
    """Exactly `{% … %}`, as `expressions.jsonata` reads it."""
    return isinstance(value, str) and len(value) >= 4 and value.startswith("{%") and value.endswith("%}")


def settled(template: Json) -> Json:
    """A payload template in which paths that hold a `${…}` are taken as texts, because nobody knows them yet."""
    if isinstance(template, dict):
        unknown = {key for key, inner in template.items() if key.endswith(".$") and _is_unknown(key, inner)}
        if unknown:
            template = {key.removesuffix(".$") if key in unknown else key: inner for key, inner in template.items()}
        changed = {key: settled(inner) for key, inner in template.items()}
        return changed if any(changed[key] is not inner for key, inner in template.items()) else template
    if isinstance(template, list):
        entries = [settled(inner) for inner in template]
        return entries if any(new is not old for new, old in zip(entries, template, strict=True)) else template
    return template


def _is_unknown(key: str, inner: Json) -> bool:
    """A `${…}` within an intrinsic's quotes leaves a call that can be read; elsewhere nobody knows what will stand there."""
    return is_placeholder(inner) and any(templates.faults({key: inner}))


def settled_jsonata(value: Json) -> Json:
    """A value whose expressions hold `${…}` outside of quotes, made readable by taking each for a text.

    `${name}` is never JSONata: braces behind `$` hold `key: value` there.
    """
    if is_jsonata(value):
        return _BARE.sub(r'"\g<0>"', value) if _BARE.search(value) and not _compiles(value) else value
    if isinstance(value, dict):
        changed = {key: settled_jsonata(inner) for key, inner in value.items()}
        return changed if any(changed[key] is not inner for key, inner in value.items()) else value
    if isinstance(value, list):
        entries = [settled_jsonata(inner) for inner in value]
        return entries if any(new is not old for new, old in zip(entries, value, strict=True)) else value
    return value


def _compiles(expression: str) -> bool:
    from engine.expressions import jsonata

    return not any(code == "INVALID_JSONATA_EXPRESSION" for code, _ in jsonata.check(expression))
