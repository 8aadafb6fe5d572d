"""Workflows: the examples as cards, and a place for a definition of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from designer import actions, compute, store
from designer.components.canvas import canvas
from designer.examples import Example
from designer.panels import opening, shelf
from designer.panels.head import TYPES
from designer.panels.picture import picture
from designer.panels.plots import mode
from designer.panels.problems import problem_list
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import N_, STATE_TYPES

STYLE = Path(__file__).parent / "workflows.css"
LEVELS = {1: N_("Fundamental"), 2: N_("Pattern"), 3: N_("Application")}
SERVICES = {
    "apigateway": "API Gateway",
    "athena": "Athena",
    "batch": "AWS Batch",
    "bedrock": "Bedrock",
    "comprehend": "Comprehend",
    "dynamodb": "DynamoDB",
    "ecs": "ECS",
    "events": "EventBridge",
    "eventbridge": "EventBridge",
    "glue": "Glue",
    "lambda": "Lambda",
    "s3": "S3",
    "sns": "SNS",
    "sqs": "SQS",
    "states": "Step Functions",
}
ENDINGS = ["json", "yaml", "yml", "asl"]


def render(session: Session, t: Texts) -> None:
    st.html(STYLE)
    with st.container(key="sheet"):
        st.markdown(f"#### {t('Workflows')}")
        st.caption(
            t("Open a workflow, choose a scenario and step through its run. Services are mocked, time is virtual.")
        )
        shelf.own_workflows(session, t)
        st.markdown(f"**{t('Examples')}**")
        with st.container(key="cards", horizontal=True, gap="medium"):
            for example in compute.examples():
                _card(example, t)
        _own(session, t)


def _card(example: Example, t: Texts) -> None:
    with st.container(key=f"card-{example.name}", border=True, width=400, gap="small"):
        reading = compute.read(example.definition, example.path)
        title = t.pick(example.title)
        st.image(picture(reading.graph, mode()), width="stretch", alt=t("Graph of “{title}”", title=title))
        with st.container(key=f"card-head-{example.name}", horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(title)}**", width="stretch")
            shelf.make_yours(example, t)
        st.markdown(plain(t.pick(example.description)))
        with st.container(horizontal=True, gap="xsmall"):
            st.badge(t(TYPES[example.workflow_type]), color="blue")
            st.badge(f"{example.level} · {t(LEVELS[example.level])}" if example.level in LEVELS else "–", color="gray")
            for service in example.services:
                st.badge(plain(SERVICES.get(service, service)), color="gray")
        with st.container(key=f"card-end-{example.name}", horizontal=True, vertical_alignment="center"):
            st.caption(t.plural("{n} scenario", "{n} scenarios", len(example.scenarios)), width="content")
            shelf.verbs(t, key=example.name, title=title, on_open=opening.open_example, args=(example,))


def _own(session: Session, t: Texts) -> None:
    with st.container(key="own", border=True):
        st.markdown(f"**{t('Your own definition')}**")
        write, see = st.columns(2, gap="medium")
        with write:
            st.text_area(
                t("Paste it here, JSON or YAML"),
                session.paste,
                key=f"paste-{session.revision}",
                height=240,
                placeholder='{\n  "StartAt": "Hello",\n  "States": {\n    "Hello": { "Type": "Pass", "End": true }\n  }\n}',
                on_change=_pasted,
                args=(f"paste-{session.revision}",),
            )
            st.file_uploader(
                t("or drop a file (.asl.json, .json, .yaml)"),
                type=ENDINGS,
                key="dropped",
                max_upload_size=1,
                on_change=_dropped,
            )
            # The words of Streamlit's own uploader exist in English only; ours stand in their place.
            own = json.dumps(t("Choose a file"))
            st.html(f"<style>.st-key-dropped button p::after {{ content: {own}; font-size: 14px; }}</style>")
        with see:
            _preview(session, t)
        if session.paste.strip():
            _graph(session, t)


def _preview(session: Session, t: Texts) -> None:
    if not session.paste.strip():
        st.caption(t("Its graph and its problems appear here while you write."))
        return
    reading = compute.read(session.paste, session.paste_path)
    with st.container(horizontal=True, vertical_alignment="center"):
        if reading.machine is not None and not reading.has_errors:
            st.badge(t("Can be run"), icon=":material/check_circle:", color="green")
        elif reading.machine is not None:
            st.badge(t("Can be run, with errors"), icon=":material/warning:", color="orange")
        else:
            st.badge(t("Cannot be run yet"), icon=":material/cancel:", color="red")
        st.button(
            t("Debug"),
            key="open-own",
            type="primary",
            icon=":material/play_arrow:",
            disabled=reading.machine is None,
            on_click=_open_own,
        )
    problem_list(reading.problems, t)


def _graph(session: Session, t: Texts) -> None:
    """What parses is drawn, whatever else is wrong."""
    reading = compute.read(session.paste, session.paste_path)
    if any(node.type in STATE_TYPES for node in reading.graph.nodes):
        canvas(
            reading.graph,
            None,
            texts=t,
            key="own-graph",
            locale=session.language,
            height=420,
            document=reading.document,
        )


def _pasted(key: str) -> None:
    store.act(actions.paste, store.value(key) or "")


def _dropped() -> None:
    file = store.value("dropped")
    if file is not None:
        store.act(actions.drop_file, file.name, file.getvalue())


def _open_own() -> None:
    session = store.session()
    opening.open_own(session.paste, session.paste_path, "")
    store.go_to("debug")
