"""Every form that a workflow is kept in opens, is drawn, and is the same after it was saved or written in another notation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.differences import differences
from engine.drawn import drawn
from engine.export import export
from engine.source import load
from engine.values import same
from engine.writing import fresh, written

BREAD: dict[str, Any] = {
    "StartAt": "Knead",
    "States": {
        "Knead": {"Type": "Task", "Resource": "${KneaderArn}", "TimeoutSeconds": 60, "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": "${Minutes}", "End": True},
    },
}
QUOTED = json.dumps(BREAD)
BARE = QUOTED.replace('"${Minutes}"', "${Minutes}")
YAML = """StartAt: Knead
States:
  Knead:
    Type: Task
    Resource: ${KneaderArn}  # filled in
    TimeoutSeconds: 60
    Next: Rest
  Rest: {Type: Wait, Seconds: "${Minutes}", End: true}
"""


def block(text: str, indent: int) -> str:
    return "\n".join(" " * indent + line for line in text.splitlines())


def resource(properties: str, kind: str = "AWS::StepFunctions::StateMachine") -> str:
    return f"Resources:\n  Oven:\n    Type: {kind}\n    Properties:\n{block(properties, 6)}\n"


SAM = "AWS::Serverless::StateMachine"
# CDK cuts the text where a token stands, and Fn::Join puts it together again.
SYNTHESISED = {
    "Resources": {
        "OvenF00D": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "DefinitionString": {
                    "Fn::Join": [
                        "",
                        [
                            '{"StartAt":"Knead","States":{"Knead":{"Type":"Task","Resource":"',
                            {"Fn::GetAtt": ["Kneader4A", "Arn"]},
                            '","TimeoutSeconds":60,"Next":"Rest"},"Rest":{"Type":"Wait","Seconds":',
                            {"Ref": "Minutes"},
                            ',"End":true}}}',
                        ],
                    ]
                }
            },
        }
    }
}
TERRAFORM = 'resource "aws_sfn_state_machine" "oven" {{\n  name       = "oven"\n  definition = {}\n}}\n'
HCL = """jsonencode({
    StartAt = "Knead" # first
    States = {
      Knead = { Type = "Task", Resource = var.kneader, TimeoutSeconds = 60, Next = "Rest" }
      "Rest" = {
        Type    = "Wait"
        Seconds = var.minutes
        End     = true
      }
    }
  })"""
FORMS = {
    "asl.json": (QUOTED, "oven.asl.json", None),
    "asl.json with a bare hole": (BARE, "oven.asl.json", None),
    "plain json": (QUOTED, "oven.json", None),
    "json without a name": (BARE, None, None),
    "asl.yaml": (YAML, "oven.asl.yaml", None),
    "plain yml": (YAML, "oven.yml", None),
    "yaml without a name": (YAML, None, None),
    "SAM, Definition": (resource(f"Definition:\n{block(YAML, 2)}", SAM), "template.yaml", "Oven"),
    "CloudFormation, Definition": (resource(f"Definition:\n{block(YAML, 2)}"), "template.yaml", "Oven"),
    "DefinitionString, a text": (resource(f"DefinitionString: |\n{block(BARE, 2)}"), "template.yaml", "Oven"),
    "DefinitionString, !Sub": (resource(f"DefinitionString: !Sub |\n{block(BARE, 2)}"), "template.yaml", "Oven"),
    "DefinitionString, !Sub with variables": (
        resource(f"DefinitionString: !Sub\n  - |\n{block(BARE, 4)}\n  - KneaderArn: !GetAtt K.Arn"),
        "template.yaml",
        "Oven",
    ),
    "DefinitionString, Fn::Sub in JSON": (
        json.dumps(
            {
                "Resources": {
                    "Oven": {
                        "Type": "AWS::StepFunctions::StateMachine",
                        "Properties": {"DefinitionString": {"Fn::Sub": BARE}},
                    }
                }
            }
        ),
        "template.json",
        "Oven",
    ),
    "DefinitionString, Fn::Join of the CDK": (json.dumps(SYNTHESISED), "Stack.template.json", "OvenF00D"),
    "DefinitionString, !Join": (
        resource(f"DefinitionString: !Join\n  - '\\n'\n  - - '{QUOTED[:40]}'\n    - '{QUOTED[40:]}'").replace(
            "'\\n'", "''"
        ),
        "template.yaml",
        "Oven",
    ),
    "Serverless Framework": (
        f"service: bakery\nstepFunctions:\n  stateMachines:\n    oven:\n      definition:\n{block(YAML, 8)}",
        "serverless.yml",
        "oven",
    ),
    "Terraform, jsonencode": (TERRAFORM.format(HCL), "main.tf", "oven"),
    "Terraform, heredoc": (TERRAFORM.format(f"<<EOF\n{BARE}\nEOF"), "main.tf", "oven"),
    "Terraform, indented heredoc": (TERRAFORM.format(f"<<-ASL\n    {BARE}\n  ASL"), "main.tf", "oven"),
    "Terraform, a local": (
        TERRAFORM.format("local.oven") + f"locals {{\n  oven = <<EOF\n{BARE}\nEOF\n}}\n",
        "main.tf",
        "oven",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_opens_and_is_the_same_workflow(form: str) -> None:
    """Whatever stands for the two holes, the rest is the same; and it is drawn."""
    text, path, name = FORMS[form]
    document = load(text, path=path)
    assert not document.problems, document.problems
    assert document.name == name
    states = document.value["States"]
    for place, field in (("Knead", "Resource"), ("Rest", "Seconds")):
        assert states[place][field].startswith("${"), states[place][field]
    settled = json.loads(json.dumps(document.value))
    settled["States"]["Knead"]["Resource"], settled["States"]["Rest"]["Seconds"] = "${KneaderArn}", "${Minutes}"
    assert same(settled, BREAD)
    assert [node.name for node in drawn(document).nodes if node.type in ("Task", "Wait")] == ["Knead", "Rest"]


@pytest.mark.parametrize(
    ("text", "path", "file"),
    [
        (resource("DefinitionUri: bread/oven.asl.json", SAM), "template.yaml", "bread/oven.asl.json"),
        (resource("DefinitionUri:\n  Bucket: loaves\n  Key: oven.json", SAM), "template.yaml", "s3://loaves/oven.json"),
        (
            resource("DefinitionS3Location:\n  Bucket: loaves\n  Key: oven.json"),
            "template.yaml",
            "s3://loaves/oven.json",
        ),
        (TERRAFORM.format('file("oven.asl.json")'), "main.tf", "oven.asl.json"),
        (
            TERRAFORM.format('templatefile("${path.module}/oven.json", { a = 1 })'),
            "main.tf",
            "${path.module}/oven.json",
        ),
    ],
)
def test_a_template_that_only_names_the_file_says_which(text: str, path: str, file: str) -> None:
    document = load(text, path=path)
    assert document.value is None
    assert document.elsewhere == file
    [problem] = document.problems
    assert "open" in problem.message and file.removeprefix("s3://").partition("/")[0] in problem.message


TWO = {
    "template.yaml": resource(f"Definition:\n{block(YAML, 2)}")
    + "  Other:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionUri: other.json\n",
    "main.tf": TERRAFORM.format(HCL) + TERRAFORM.format('file("x.json")').replace("oven", "other"),
}


@pytest.mark.parametrize("path", TWO)
def test_of_several_machines_one_is_picked(path: str) -> None:
    first = load(TWO[path], path=path)
    names = first.names
    assert len(names) == 2 and first.name == names[0] and first.value is not None
    other = load(TWO[path], path=path, machine=names[1])
    assert (other.name, other.names, other.value) == (names[1], names, None)
    assert other.elsewhere in ("other.json", "x.json")


SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"
published = pytest.mark.skipif(
    not (SHARED / "asl").is_dir(), reason="the published workflows are not beside the project (../shared/corpus)"
)


@published
def test_every_published_definition_opens_is_drawn_and_saved_as_it_was() -> None:
    """Saved unchanged it is the same text; as new JSON and as YAML it is the same workflow; Graphviz lays it out."""
    files = sorted((SHARED / "asl").glob("*.json"))
    assert len(files) > 200
    for path in files:
        text = path.read_text("utf-8")
        value = load(text, path=path.name).value
        assert value is not None, path.name
        assert written(text, value, path=path.name) == text, path.name
        for kind in ("json", "yaml"):
            again = load(fresh(value, kind), path=f"w.{kind}").value
            assert same(again, value) and differences(value, again).same, (path.name, kind)
        graph = drawn(load(text, path=path.name))
        assert any(node.type not in ("Start", "End") for node in graph.nodes), path.name
        assert b"<svg" in export(graph, "svg"), path.name


@published
def test_every_published_text_opens_or_says_why_not_with_what_can_be_drawn() -> None:
    opened = 0
    files = sorted((SHARED / "raw").glob("*.txt"))
    assert len(files) > 50
    for path in files:
        document = load(path.read_text("utf-8"))
        opened += document.value is not None
        assert document.value is not None or document.problems[0].message.startswith("line "), path.name
        nodes = drawn(document).nodes
        assert len(nodes) > 1, path.name
        if document.value is None:
            assert any(node.broken for node in nodes), path.name
    assert opened >= len(files) - 1
