"""A workflow as files that deploy it: SAM, CDK in Python and TypeScript, Terraform, and ASL itself as JSON or YAML.

Each carries the definition with its `${…}` as inputs of the template, and a role with the least that its calls need
(`policies`). What a template cannot know is an input or a comment, never a guess. Names that people wrote are turned into
names of the language at hand, and every text is quoted as its language quotes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.policies import Statement, statements
from engine.publish_names import file_name
from engine.substitutions import Hole, holes
from engine.values import Json


@dataclass(frozen=True, slots=True)
class File:
    """A file to write. The first of several is the one to look at."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be published."""

    document: Json
    name: str
    workflow_type: str
    holes: tuple[Hole, ...]
    statements: tuple[Statement, ...]
    known: Mapping[str, Json] = field(default_factory=dict)
    """What holes are filled with, where the text that was opened said so."""
    logs: bool = False
    traces: bool = False


class PublishProblem(ValueError):
    """There is no such format; the message says which there are."""


def publish(
    document: Json,
    to: str,
    *,
    name: str = "Workflow",
    workflow_type: str = "STANDARD",
    known: Mapping[str, Json] | None = None,
    logs: bool = False,
    traces: bool = False,
) -> tuple[File, ...]:
    """The files of a workflow in one of `FORMATS`. Logs and traces are set up when asked for. Raises PublishProblem."""
    write = FORMATS.get(to)
    if write is None:
        raise PublishProblem(f"There is no format {to!r}; there is {', '.join(FORMATS)}.")
    # CDK gives its role what logs and traces need.
    own = to in ("sam", "terraform")
    needs = statements(document, known, logs=logs and own, traces=traces and own)
    return write(Order(document, name, workflow_type, holes(document), needs, known or {}, logs, traces))


def _sam(order: Order) -> tuple[File, ...]:
    from engine.publish_sam import template

    return (File("template.yaml", template(order)),)


def _cdk_python(order: Order) -> tuple[File, ...]:
    from engine.publish_cdk import python

    return (File(f"{file_name(order.name, '_')}_stack.py", python(order)), _definition(order))


def _cdk_typescript(order: Order) -> tuple[File, ...]:
    from engine.publish_cdk import typescript

    return (File(f"{file_name(order.name)}-stack.ts", typescript(order)), _definition(order))


def _terraform(order: Order) -> tuple[File, ...]:
    from engine.publish_terraform import configuration

    return (File("main.tf", configuration(order)),)


def _definition(order: Order) -> File:
    """The definition as a deployment reads it: holes in the place of numbers without quotes."""
    from engine.publish_asl import deployed

    return File(f"{file_name(order.name)}.asl.json", deployed(order.document))


def _json(order: Order) -> tuple[File, ...]:
    from engine.writing import fresh

    return (File(f"{file_name(order.name)}.asl.json", fresh(order.document, "json")),)


def _yaml(order: Order) -> tuple[File, ...]:
    from engine.writing import fresh

    return (File(f"{file_name(order.name)}.asl.yaml", fresh(order.document, "yaml")),)


FORMATS: Mapping[str, Callable[[Order], tuple[File, ...]]] = {
    "sam": _sam,
    "cdk-python": _cdk_python,
    "cdk-typescript": _cdk_typescript,
    "terraform": _terraform,
    "json": _json,
    "yaml": _yaml,
}
