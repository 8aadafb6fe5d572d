"""Text → document: JSON, YAML, CloudFormation and SAM templates, Terraform; with the place of everything in it.

Loading never fails. A text that cannot be read gives a document without a value and one problem: a sentence that says
where, and what would be right ("line 3, column 14: a comma or } is missing after …"). Places of single values are worked
out when somebody asks for the first one.

A text that cannot be read has a `partial` all the same: what can be drawn of it.

`${…}`, which a deployment replaces, is tolerated everywhere, in JSON also in the place of a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, NoReturn

from engine import cloudformation, jsontext, jsonwords
from engine.outline import too_deep
from engine.partial import Partial, json_partial
from engine.pointer import ROOT
from engine.problems import Problem
from engine.values import Json

Kind = Literal["json", "yaml", "cloudformation", "sam", "serverless", "terraform"]
LARGEST_DEFINITION = 1_048_576
LARGEST_TEXT = 8 * LARGEST_DEFINITION
Place = tuple[int, int]
"""Line and column, both from 1."""

_TERRAFORM_VALUE = re.compile(r'\s*\{\s*(?:#[^\n]*\s*)*"?[^"={}:]+"?\s*=[^=]')
_TERRAFORM_FILE = re.compile(r"^\s*(?:resource|module|locals|data|variable|terraform|provider)\b[^\n]*\{", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A definition as it was found in a text.

    `value` is None when there is none to read. `name` is the machine's name where a template names it, `names` all
    machines of the text.
    """

    text: str = field(repr=False)
    value: Json
    problems: tuple[Problem, ...] = ()
    kind: Kind = "json"
    name: str | None = None
    names: tuple[str, ...] = ()
    workflow_type: str = "STANDARD"
    find: Callable[[], Mapping[str, Place]] = field(default=dict, repr=False, compare=False)
    guess: Callable[[], Partial] | None = field(default=None, repr=False, compare=False)
    """Reads what can be read of a text without a value."""
    elsewhere: str | None = None
    """The file that the definition is in, where the text only names it."""
    substitutions: Mapping[str, Json] = field(default_factory=dict)
    """What the text itself says about its `${…}`: DefinitionSubstitutions, variables of a templatefile, of Fn::Sub."""

    @cached_property
    def positions(self) -> Mapping[str, Place]:
        """Line and column of every value by pointer; of a member that is an object or array, those of its name."""
        return self.find()

    @cached_property
    def partial(self) -> Partial:
        """What can be drawn: the value, or where there is none what could be read around the mistakes, and those.

        The mistake that made the text unreadable stands first, at the innermost thing that begins before it.
        """
        if self.value is not None or self.guess is None:
            return Partial(self.value, self.problems, self.positions)
        read = self.guess()
        first = self.problems[0]
        place = (first.line or 1, first.column or 1)
        known = next((problem for problem in read.problems if problem.line == first.line), None)
        at = known.at if known else _around(read.places, place)
        others = tuple(problem for problem in read.problems if problem is not known)
        return Partial(read.value, (replace(first, at=at), *others), read.places)

    def position(self, pointer: str) -> Place | None:
        """Line and column of what a pointer names, or of the nearest thing around it that exists."""
        places = self.positions
        while pointer and pointer != ROOT:
            found = places.get(pointer)
            if found:
                return found
            cut = max(pointer.rfind("/"), pointer.rfind("["))
            pointer = pointer[:cut] if cut > 0 else ""
        return places.get(ROOT)


def load(text: str, *, path: str | None = None, machine: str | None = None) -> Document:
    """The definition in a text. `path` is only looked at for its ending; `machine` picks one of a template's machines."""
    text = text.removeprefix("\ufeff")
    ending = path.rsplit(".", 1)[-1].lower() if path and "." in path else ""
    if len(text) > LARGEST_TEXT:
        return _refused(text, "json", 1, 1, f"the text is longer than {LARGEST_TEXT} characters")
    begins = text.lstrip()[:1]
    if not begins:
        return _refused(text, "json", 1, 1, "the text is empty; a definition is an object with StartAt and States")
    if ending in ("tf", "hcl") or (begins != "{" and not ending and _TERRAFORM_FILE.search(text)):
        return _terraform(text, machine)
    if ending in ("yaml", "yml") or (ending != "json" and begins not in '{["'):
        return _yaml(text, machine)
    return _json(text, machine)


def load_json(text: str, what: str = "input") -> tuple[Json, Problem | None]:
    """The value of a JSON text, or one sentence about why there is none: "line 1, column 9: …"."""
    try:
        value = load_strictly(text.removeprefix("\ufeff"))
        if not too_deep(value, jsontext.DEEPEST):
            return value, None
        raise RecursionError
    except (ValueError, RecursionError):
        line, column, message = complaint(text.removeprefix("\ufeff"))
        problem = Problem(
            "invalid-json",
            ROOT,
            f"The {what} is not JSON: line {line}, column {column}: {message}.",
            params={"what": what},
            line=line,
            column=column,
        )
        return None, problem


def complaint(text: str) -> tuple[int, int, str]:
    """Where a text stops being JSON, and the sentence about it."""
    where = jsontext.lines(text)
    try:
        read = jsontext.places(text)
    except jsontext.Broken as broken:
        message, index = jsonwords.sentence(text, broken)
        return (*where(min(index, max(0, len(text) - 1)) if text else 0), message)
    rest = text[read.end :]
    if rest.strip():
        index = read.end + len(rest) - len(rest.lstrip())
        return (*where(index), "something follows after the end of the value; remove it")
    return 1, 1, "a number has more digits than can be read"


# JSON ---------------------------------------------------------------------------------------------------------------


def load_strictly(text: str) -> Json:
    """The value of a JSON text. Raises ValueError for anything else, `NaN` included."""

    def refuse(constant: str) -> NoReturn:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


def _json(text: str, machine: str | None) -> Document:
    try:
        value = load_strictly(text)
    except (ValueError, RecursionError):
        if _TERRAFORM_VALUE.match(text):
            return _terraform(text, machine)
        try:
            value = load_strictly(_filled(text))
        except (ValueError, RecursionError):
            line, column, message = complaint(text)
            return _refused(text, "json", line, column, message, lambda: _guessed(json_partial(text), machine))
    return _found(text, value, "json", machine, lambda: json_places(text), {})


def _filled(text: str) -> str:
    """The text with every bare `${…}` quoted. Raises ValueError when it is no JSON even then."""
    try:
        holes = jsontext.places(text, holes=True).holes
    except jsontext.Broken as broken:
        raise ValueError from broken
    parts: list[str] = []
    done = 0
    for start, end in holes:
        parts += [text[done:start], json.dumps(text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def json_places(text: str) -> dict[str, Place]:
    """Line and column by pointer for a JSON text, as `Document.positions` has them."""
    where = jsontext.lines(text)
    try:
        read = jsontext.places(text, holes=True)
    except jsontext.Broken:
        return {}
    return {
        at: where(read.names[at] if at in read.names and text[index] in "{[" else index)
        for at, index in read.values.items()
    }


# YAML ---------------------------------------------------------------------------------------------------------------


def _yaml(text: str, machine: str | None) -> Document:
    from engine import yamltext
    from engine.partial_yaml import yaml_partial

    try:
        tree = yamltext.read(text)
    except yamltext.BadYaml as wrong:
        return _refused(
            text, "yaml", wrong.line, wrong.column, wrong.message, lambda: _guessed(yaml_partial(text), machine)
        )
    value = cloudformation.flat(tree.value) if tree.tagged and not _is_template(tree.value) else tree.value
    found = _found(text, value, "yaml", machine, lambda: tree.places, tree.blocks)
    twice = tuple(_twice(at, line, column) for at, line, column in tree.twice)
    return _with(found, twice)


def _is_template(value: Json) -> bool:
    return isinstance(value, dict) and ("Resources" in value or "stepFunctions" in value)


# Terraform ----------------------------------------------------------------------------------------------------------


def _terraform(text: str, machine: str | None) -> Document:
    from engine import terraform

    found = terraform.machines(text)
    if not found:
        return _refused(
            text,
            "terraform",
            1,
            1,
            "no state machine is here; a resource aws_sfn_state_machine with a definition is expected",
        )
    names = tuple(item.name for item in found if item.name)
    near = [item for item in found if item.elsewhere is None] or found
    chosen = next((item for item in found if item.name == machine), near[0])
    if (wrong := chosen.wrong) is not None:
        here = chosen.elsewhere is None
        return replace(
            _refused(
                text,
                "terraform",
                wrong.line,
                wrong.column,
                wrong.message,
                (lambda: json_partial(text, chosen.start)) if here else None,
            ),
            name=chosen.name,
            names=names,
            elsewhere=chosen.elsewhere,
            substitutions=chosen.substitutions,
        )
    if chosen.text is not None:
        inner = _json(chosen.text, None)
        below = chosen.line - 1
        return Document(
            text,
            inner.value,
            tuple(_moved(problem, lambda place: (place[0] + below, place[1])) for problem in inner.problems),
            "terraform",
            chosen.name,
            names,
            find=lambda: {at: (line + below, column) for at, (line, column) in inner.positions.items()},
            guess=inner.guess and (lambda: _partial_moved(inner, lambda place: (place[0] + below, place[1]))),
        )
    return Document(
        text, chosen.value, _shape(chosen.value), "terraform", chosen.name, names, find=lambda: chosen.places
    )


# What was found -----------------------------------------------------------------------------------------------------


def _found(
    text: str,
    value: Json,
    kind: Kind,
    machine: str | None,
    find: Callable[[], Mapping[str, Place]],
    blocks: Mapping[str, int],
) -> Document:
    """A document out of a value that is a definition or a template with some."""
    found = list(cloudformation.machines(value)) if _is_template(value) else []
    if not found:
        if _is_template(value) and "States" not in value:
            return _refused(
                text,
                kind,
                1,
                1,
                "the template has no state machine; a resource AWS::StepFunctions::StateMachine is expected",
            )
        twice = _json_twice(text) if kind == "json" else ()
        if len(text) > LARGEST_DEFINITION:
            return _refused(text, kind, 1, 1, f"the definition is longer than {LARGEST_DEFINITION} characters")
        return Document(text, value, (*_shape(value), *twice), kind, find=find)
    names = tuple(item.name for item in found)
    chosen = next((item for item in found if item.name == machine), found[0])
    base = Document(
        text,
        None,
        (),
        chosen.kind,
        chosen.name,
        names,
        chosen.workflow_type,
        lambda: _below(find(), chosen.at),
        substitutions=chosen.substitutions,
    )
    line, column = Document(text, None, find=find).position(chosen.at) or (1, 1)
    if chosen.elsewhere:
        named = _file_named(chosen.body)
        base = replace(base, elsewhere=named)
        told = _problem(
            line, column, f"the definition of {chosen.name} is in a file of its own, {named}; open that file"
        )
        return _with(base, (told,))
    if not isinstance(chosen.body, str):
        return _with(base, _shape(chosen.body), chosen.body)
    inner = _json(chosen.body, None)
    block = next((row for at, row in blocks.items() if at == chosen.at or at.startswith(chosen.at + "/")), None)
    moved = _in_string(line, column) if block is None else _in_block(text, block)
    return replace(
        base,
        value=inner.value,
        problems=tuple(_moved(problem, moved, block is None) for problem in inner.problems),
        find=lambda: {at: moved(place) for at, place in inner.positions.items()},
        guess=inner.guess and (lambda: _partial_moved(inner, moved)),
    )


def _file_named(body: Json) -> str:
    """The place of a definition in a file of its own, as a text: a path, or bucket and key."""
    if isinstance(body, dict) and {"Bucket", "Key"} <= body.keys():
        return f"s3://{body['Bucket']}/{body['Key']}"
    return body if isinstance(body, str) else json.dumps(body)


def _in_string(line: int, column: int) -> Callable[[Place], Place]:
    """A definition in a quoted string has one place in the text around it: that of the string."""
    return lambda place: (line, column)


def _in_block(text: str, first: int) -> Callable[[Place], Place]:
    """A definition in a `|` block stands line by line in the text around it, indented as its first line is."""
    rows = text.splitlines()
    row = rows[first - 1] if first <= len(rows) else ""
    indent = len(row) - len(row.lstrip())
    return lambda place: (place[0] + first - 1, place[1] + indent)


def _below(places: Mapping[str, Place], at: str) -> dict[str, Place]:
    """The places under a pointer, by their pointers from there on."""
    return {
        pointer[len(at) :] or ROOT: place
        for pointer, place in places.items()
        if pointer == at or pointer.startswith((at + "/", at + "["))
    }


def _shape(value: Json) -> tuple[Problem, ...]:
    if too_deep(value):
        return (_problem(1, 1, "objects and arrays are nested too deep for a definition"),)
    if isinstance(value, dict):
        return ()
    return (_problem(1, 1, "a definition is an object with StartAt and States"),)


def _json_twice(text: str) -> tuple[Problem, ...]:
    """Warnings for names that stand twice in their object; the pass that finds them runs only when there are some."""
    doubled = False

    def look(pairs: list[tuple[str, Any]]) -> None:
        nonlocal doubled
        doubled = doubled or len({name for name, _ in pairs}) < len(pairs)

    try:
        json.loads(text, object_pairs_hook=look)
    except ValueError:
        doubled = True
    if not doubled:
        return ()
    try:
        read = jsontext.places(text, holes=True)
    except jsontext.Broken:
        return ()
    where = jsontext.lines(text)
    return tuple(_twice(at, *where(index)) for at, index in read.twice)


def _twice(at: str, line: int, column: int) -> Problem:
    name = at.rpartition("/")[2]
    return Problem(
        "duplicate-key",
        at,
        f'line {line}, column {column}: "{name}" stands here a second time; only this last one counts',
        "warning",
        {"name": name},
        line,
        column,
    )


def _problem(line: int, column: int, message: str) -> Problem:
    return Problem("unreadable", ROOT, f"line {line}, column {column}: {message}", line=line, column=column)


def _moved(problem: Problem, moved: Callable[[Place], Place], quote: bool = False) -> Problem:
    """The problem of a definition inside another text, where it stands there; with `quote`, its own place is kept too."""
    if problem.line is None or problem.column is None:
        return problem
    line, column = moved((problem.line, problem.column))
    own = f"line {problem.line}, column {problem.column}: "
    told = f"line {line}, column {column}: " + (f"in the text here, {own}" if quote else "")
    message = told + problem.message.removeprefix(own)
    return Problem(problem.code, problem.at, message, problem.severity, problem.params, line, column)


def _refused(
    text: str, kind: Kind, line: int, column: int, message: str, guess: Callable[[], Partial] | None = None
) -> Document:
    return Document(text, None, (_problem(line, column, message),), kind, guess=guess)


def _with(document: Document, problems: tuple[Problem, ...], value: Json = None) -> Document:
    kept = document.value if value is None else value
    return replace(document, value=kept, problems=(*document.problems, *problems))


# What is left of a broken text ----------------------------------------------------------------------------------------


def _guessed(read: Partial, machine: str | None) -> Partial:
    """What could be read of a text; of a template, what could be read of the machine."""
    found = list(cloudformation.machines(read.value)) if _is_template(read.value) else []
    if not found:
        return read
    chosen = next((item for item in found if item.name == machine), found[0])
    inside = (chosen.at + "/", chosen.at + "[")
    problems = tuple(
        replace(problem, at=problem.at[len(chosen.at) :] if problem.at.startswith(inside) else ROOT)
        for problem in read.problems
    )
    if isinstance(chosen.body, str):
        return Partial(json_partial(chosen.body).value, problems)
    return Partial(None if chosen.elsewhere else chosen.body, problems, _below(read.places, chosen.at))


def _partial_moved(inner: Document, moved: Callable[[Place], Place]) -> Partial:
    """What could be read of a definition inside another text, with its places there."""
    read = inner.guess() if inner.guess else Partial()
    return Partial(
        read.value,
        tuple(_moved(problem, moved) for problem in read.problems),
        {at: moved(place) for at, place in read.places.items()},
    )


def _around(places: Mapping[str, Place], place: Place) -> str:
    """The innermost object or array that is named before a place: what a mistake there belongs to."""
    before = [(found, at) for at, found in places.items() if found <= place]
    return max(before, default=((1, 1), ROOT))[1]
