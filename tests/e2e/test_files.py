"""A workflow comes in as a template and goes out as one; two versions of it are compared; a broken text is still drawn."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.source import load
from tests.e2e.conftest import Look
from tests.e2e.test_journey import go_to, open_example

LOOKS = [Look(1440, 900, "light"), Look(1024, 768, "dark")]
BREAD = {
    "StartAt": "Knead",
    "States": {
        "Knead": {"Type": "Task", "Resource": "${KneaderArn}", "TimeoutSeconds": "${Limit}", "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 20, "End": True},
    },
}
TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Oven:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      DefinitionUri: statemachine/oven.asl.json
      DefinitionSubstitutions:
        KneaderArn: arn:aws:lambda:us-east-1:123456789012:function:knead
        Limit: 30
"""


def file(name: str, text: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.locator(".st-key-export-box").get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_template_and_the_file_that_it_names_are_opened_together(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
) -> None:
    """What the template fills in is put into the definition, the number as a number."""
    open_example(page, "get-item", settled)
    go_to(page, "Design", settled)
    page.locator(".st-key-open-file button").first.click()
    box = page.get_by_role("dialog")
    page.locator(".st-key-open-dropped input[type=file]").set_input_files(
        [file("oven.asl.json", json.dumps(BREAD)), file("template.yaml", TEMPLATE)]
    )
    expect(box).to_contain_text("The machine is called Oven.")
    expect(box).to_contain_text("Its definition is in oven.asl.json, which was dropped too.")
    expect(box).to_contain_text("2 placeholders are filled by a deployment")
    picture("open")
    box.get_by_role("button", name="Put it on the table").click()
    settled()
    expect(box).to_have_count(0)
    expect(page.locator(".st-key-head")).to_contain_text("Oven")
    expect(page.locator(".st-key-design-code")).to_contain_text('"TimeoutSeconds": 30')


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_is_exported_is_the_workflow(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
) -> None:
    open_example(page, "get-item", settled)
    go_to(page, "Design", settled)
    page.locator(".st-key-export button").first.click()
    expect(page.locator(".st-key-export-box")).to_contain_text("Its role allows no more than its calls need")
    picture("export")
    value = load(downloaded(page, "ASL (JSON)").decode()).value
    assert "Get item" in value["States"]
    for name, path in (("ASL (YAML)", "w.yaml"), ("SAM", "template.yaml"), ("Terraform", "main.tf")):
        assert load(downloaded(page, name).decode(), path=path).value == value, name
    with zipfile.ZipFile(io.BytesIO(downloaded(page, "CDK (Python)"))) as archive:
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"py", "json"}
    page.locator(".st-key-export-run label").first.click()
    settled()
    assert re.search(r"Succeeded|Caught error|Failed", downloaded(page, "SVG").decode())
    assert downloaded(page, "PNG").startswith(b"\x89PNG")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_version_is_compared_with_a_file(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
) -> None:
    open_example(page, "get-item", settled)
    go_to(page, "Design", settled)
    page.locator(".st-key-compare-versions button").first.click()
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("Nothing was changed here yet.")
    page.locator(".st-key-compare-file input[type=file]").set_input_files([file("old.json", json.dumps(BREAD))])
    expect(box).to_contain_text("+ added · states: 3")
    expect(box).to_contain_text("− removed · states: 2")
    expect(box.get_by_role("img", name=re.compile("Graph of both versions"))).to_be_visible()
    picture("compare")


def test_a_broken_text_is_drawn_with_its_reason(page: Page, settled: Callable[[], None]) -> None:
    page.goto("/")
    settled()
    go_to(page, "Design", settled)
    page.get_by_role("button", name="Begin with an empty page").click()
    settled()
    page.locator(".st-key-open-file button").first.click()
    pasted = page.get_by_label("or paste the text")
    pasted.fill(json.dumps(BREAD, indent=1).replace('"Seconds": 20,', '"Seconds": 20'))
    pasted.press("Control+Enter")
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("A comma or } is missing")
    box.get_by_role("button", name="Put it on the table").click()
    settled()
    for name in ("Knead", "Rest"):
        expect(page.locator(".state[data-node]").filter(has_text=name).first).to_be_visible()
