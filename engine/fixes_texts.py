"""Quick fixes for texts that look like a path or an expression where they are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.edit_places import Steps
from engine.expressions import InvalidExpression
from engine.expressions.roots import split, steps_of
from engine.fields import fields_of
from engine.mending import Fix, fix, inner, renamed, replaced, spot_at, way, without
from engine.outline import machine_language
from engine.oversights import looks_like_path
from engine.placeholders import is_jsonata
from engine.pointer import under
from engine.problems import Problem
from engine.values import Json, text

_PIECE = re.compile(r"\{%(.*?)%\}", re.DOTALL)
_BARE_WORD = re.compile(r"((?:==|!=|<=|>=|<|>)\s*)(?!true\b|false\b|null\b)([A-Za-z_][\w-]*)(?=\s*(?:\)|&&|\|\||$))")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def static_result(problem: Problem, document: Json) -> Iterator[Fix]:
    """A Result whose paths should be followed: as Parameters, or as InputPath where it is one path and nothing else."""
    spot = spot_at(document, problem.at)
    if spot is None or "Result" not in spot.source:
        return
    result = spot.source["Result"]
    if isinstance(result, str) and "InputPath" not in spot.source and result.startswith("$"):
        yield fix(
            "Rename to {name}", lambda now: renamed(now, under(spot.at, ["Result"]), "InputPath"), name="InputPath"
        )
    elif isinstance(result, (dict, list)) and "Parameters" not in spot.source:
        filled = _dollared(result)
        yield fix(
            "Rename to {name}",
            lambda now: replaced(
                renamed(now, under(spot.at, ["Result"]), "Parameters"), under(spot.at, ["Parameters"]), filled
            ),
            name="Parameters",
        )


def _dollared(value: Json) -> Json:
    """A template in which every key whose text looks like a path ends in `.$`."""
    if isinstance(value, dict):
        return {
            f"{key}.$" if looks_like_path(part) and not key.endswith(".$") else key: _dollared(part)
            for key, part in value.items()
        }
    return [_dollared(part) for part in value] if isinstance(value, list) else value


def partial_expression(problem: Problem, document: Json) -> Iterator[Fix]:
    """Blanks around an expression, or expressions within a text, which become one that joins the pieces."""
    told = inner(document, problem.at)
    if not isinstance(told, str):
        return
    made = told.strip() if is_jsonata(told.strip()) and told.count("{%") == 1 else _joined(told)
    if made is not None:
        yield _write(problem.at, made)


def _joined(told: str) -> str | None:
    pieces = _PIECE.split(told)
    if len(pieces) < 3 or any("{%" in piece or "%}" in piece for piece in pieces):
        return None
    parts = [text(piece) if index % 2 == 0 else f"({piece.strip()})" for index, piece in enumerate(pieces) if piece]
    return f"{{% {' & '.join(parts)} %}}"


def path_in_jsonata(problem: Problem, document: Json) -> Iterator[Fix]:
    """A reference path, as the expression that names the same."""
    told = inner(document, problem.at)
    said = _as_expression(told) if isinstance(told, str) else None
    if said is None:
        return
    steps = way(document, problem.at)
    last = str(steps[-1]) if steps else ""
    if last.endswith(".$"):
        plain = under("", [*steps[:-1], last[:-2]])
        yield fix(
            "Change to {name}",
            lambda now: replaced(renamed(now, problem.at, last[:-2]), plain, said),
            name=said,
        )
    else:
        yield _write(problem.at, said)


def _write(at: str, said: str) -> Fix:
    return fix("Change to {name}", lambda now: replaced(now, at, said), name=said)


def _as_expression(path: str) -> str | None:
    try:
        root, variable, _ = split(path)
        steps: Steps = steps_of(path)
    except InvalidExpression:
        return None
    named = {"value": "$states.input", "context": "$states.context", "variable": f"${variable}"}[root]
    for step in steps:
        if isinstance(step, int):
            named += f"[{step}]"
        else:
            named += f".{step}" if _NAME.fullmatch(step) else f".`{step}`" if "`" not in step else "."
    return None if named.endswith(".") else f"{{% {named} %}}"


def expression_in_jsonpath(problem: Problem, document: Json) -> Iterator[Fix]:
    """JSONata for the state, when none of its fields is only known to JSONPath."""
    spot = spot_at(document, problem.at)
    if spot is None:
        return
    known = fields_of(spot.type)
    if any(name in known and known[name].language == "JSONPath" for name in spot.source):
        return
    if machine_language(document) == "JSONata":
        yield fix("Remove {name}", lambda now: without(now, under(spot.at, ["QueryLanguage"])), name="QueryLanguage")
    else:
        at = under(spot.at, ["QueryLanguage"])
        yield fix(
            "Add {name}: {value}", lambda now: replaced(now, at, "JSONata"), name="QueryLanguage", value="JSONata"
        )


def unquoted_word(problem: Problem, document: Json) -> Iterator[Fix]:
    told = inner(document, problem.at)
    quoted = _BARE_WORD.sub(r"\1'\2'", told) if isinstance(told, str) else told
    if quoted != told:
        yield _write(problem.at, quoted)
