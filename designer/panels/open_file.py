"""Open: a definition in any form it is kept in, dropped or pasted: which machine of a template, what its holes become, what
is wrong with it; then onto the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from designer import store
from designer.panels import opening
from designer.panels.dropping import dropping
from designer.panels.picture import picture
from designer.panels.plots import mode
from designer.panels.problems import problem_list
from designer.session import Session, WorkflowType
from designer.texts import Texts, plain
from designer.theme import N_, STATE_TYPES
from engine.drawn import drawn
from engine.source import Document, load
from engine.substitutions import holes, substituted, taken
from engine.values import text as written_value
from engine.writing import fresh, written

KINDS = {
    "json": N_("a definition in JSON"),
    "yaml": N_("a definition in YAML"),
    "cloudformation": N_("a CloudFormation template"),
    "sam": N_("a SAM template"),
    "serverless": N_("a configuration of the Serverless Framework"),
    "terraform": N_("a Terraform configuration"),
}
STANDS = {
    "text": N_("in a text"),
    "value": N_("a whole value"),
    "number": N_("a number"),
    "flag": N_("true or false"),
}
LARGEST_MB = 8
ASKED = "open-asked"


@dataclass(frozen=True, slots=True)
class Given:
    """What was dropped or pasted: the text to open, and files that it may name."""

    text: str = ""
    path: str | None = None
    beside: tuple[tuple[str, str], ...] = ()
    """Name and text of the other files."""


def open_dialog(session: Session, t: Texts, *, key: str = "open-file", then: str = "design") -> None:
    """A button that opens the box; what is opened there goes onto the table, and the page `then` shows it."""
    if st.button(
        t("Open"),
        key=key,
        icon=":material/folder_open:",
        help=t("A definition as JSON or YAML, a SAM or CloudFormation template, a Terraform configuration"),
    ):
        store.remember(ASKED, Given())
        st.dialog(t("Open a definition"), width="large")(_box)(t, then)


def _box(t: Texts, then: str) -> None:
    given: Given = store.recall(ASKED, Given())
    write, see = st.columns(2, gap="medium")
    with write:
        dropping(
            t("Drop files: .asl.json, .yaml, a template, .tf; together with the file that a template names"),
            t,
            key="open-dropped",
            megabytes=LARGEST_MB,
            on_drop=_dropped,
            several=True,
        )
        st.text_area(
            t("or paste the text"),
            key="open-pasted",
            height=180,
            on_change=_pasted,
            placeholder="Resources:\n  Oven:\n    Type: AWS::Serverless::StateMachine\n    …",
        )
    if not given.text.strip():
        with see:
            st.caption(t("What is found appears here: which machine, its graph, its holes, and what is wrong."))
        return
    with see:
        document, inner = _chosen(given, t)
        graph = drawn(document)
        if any(node.type in STATE_TYPES for node in graph.nodes):
            st.image(picture(graph, mode()), width="stretch", alt=t("Graph of what is opened"))
        problem_list(document.problems, t)
    values = _table(document, t)
    _open(given, document, inner, values, t, then)


def _chosen(given: Given, t: Texts) -> tuple[Document, str | None]:
    """The definition that was found, and the name of the file that it came from where another one names it."""
    document = load(given.text, path=given.path)
    st.markdown(t("This is {kind}.", kind=t(KINDS[document.kind])))
    if len(document.names) > 1:
        name = st.selectbox(t("Which machine?"), document.names, key="open-machine")
        document = load(given.text, path=given.path, machine=name)
    elif document.name:
        st.markdown(t("The machine is called {name}.", name=plain(document.name)))
    if document.elsewhere is None:
        return document, None
    wanted = re.split(r"[/\\]", document.elsewhere)[-1]
    for name, text in given.beside:
        if name == wanted:
            st.markdown(t("Its definition is in {file}, which was dropped too.", file=plain(name)))
            found = load(text, path=name)
            return _beside(document, found), name
    return document, None


def _beside(template: Document, found: Document) -> Document:
    """The definition of another file, with what its template says about it."""
    return replace(
        found,
        name=template.name,
        workflow_type=template.workflow_type,
        substitutions={**found.substitutions, **template.substitutions},
    )


def _table(document: Document, t: Texts) -> dict[str, object]:
    """What is put in for each hole; an empty value leaves it as it is."""
    found = holes(document.value)
    if not found:
        return {}
    st.markdown(
        t.plural(
            "{n} placeholder is filled by a deployment. What you put in here is put into the definition; the rest stays.",
            "{n} placeholders are filled by a deployment. What you put in here is put into the definition; the rest stays.",
            len(found),
        )
    )
    known = {name: _shown(value) for name, value in document.substitutions.items()}
    rows = pd.DataFrame(
        {
            "name": [hole.name for hole in found],
            "stands": [", ".join(t(STANDS[kind]) for kind in sorted(hole.kinds)) for hole in found],
            "where": [hole.where[0] + (f" +{len(hole.where) - 1}" if len(hole.where) > 1 else "") for hole in found],
            "value": ["" for _ in found],
            "said": [known.get(hole.name, "") for hole in found],
        }
    )
    says = any(known.get(hole.name) for hole in found)
    filled = st.toggle(t("Fill in what the template says"), says, key=f"open-fill-{says}", disabled=not says)
    if filled:
        rows["value"] = rows["said"]
    edited = st.data_editor(
        rows.drop(columns="said"),
        key=f"open-values-{filled}-{document.name}",
        hide_index=True,
        disabled=["name", "stands", "where"],
        height="content" if len(found) <= 6 else 250,
        column_config={
            "name": st.column_config.TextColumn(t("Placeholder")),
            "stands": st.column_config.TextColumn(t("Stands for")),
            "where": st.column_config.TextColumn(t("Where")),
            "value": st.column_config.TextColumn(t("Value"), width="large"),
        },
    )
    given = dict(zip(edited["name"], edited["value"], strict=True))
    return {hole.name: taken(hole, str(given[hole.name])) for hole in found if given.get(hole.name)}


def _shown(value: object) -> str:
    return value if isinstance(value, str) else written_value(value)


def _open(given: Given, document: Document, inner: str | None, values: dict[str, object], t: Texts, then: str) -> None:
    plainly = document.kind in ("json", "yaml")
    usable = document.value is not None or (plainly and document.partial.value is not None)
    if st.button(
        t("Put it on the table"), key="open-put", type="primary", icon=":material/check:", disabled=not usable
    ):
        text, path = _text(given, document, inner, values)
        title = document.name or (path or "").partition(".")[0]
        kind: WorkflowType = "EXPRESS" if document.workflow_type.upper() == "EXPRESS" else "STANDARD"
        opening.open_own(text, path, title, kind)
        store.go_to(then)
        st.rerun()
    if not usable:
        st.caption(t("There is no definition to open here yet."))


def _text(given: Given, document: Document, inner: str | None, values: dict[str, object]) -> tuple[str, str | None]:
    """The text for the table and its name: as it was kept where it is a file of its own, else the definition anew."""
    source = next((text for name, text in given.beside if name == inner), given.text)
    path = inner or given.path
    if document.kind not in ("json", "yaml"):
        return fresh(substituted(document.value, values), "json"), f"{document.name or 'workflow'}.asl.json"
    if document.value is None or not values:
        return source, path
    return written(source, substituted(document.value, values), path=path), path


def _pasted() -> None:
    store.remember(ASKED, Given(store.value("open-pasted") or ""))


def _dropped() -> None:
    """The template among several files is the one to open; files that it names stand beside it."""
    files = [(file.name, opening.file_text(file.getvalue())) for file in store.value("open-dropped") or ()]
    if not files:
        store.remember(ASKED, Given())
        return
    first = next((file for file in files if load(file[1], path=file[0]).elsewhere), files[0])
    store.remember(ASKED, Given(first[1], first[0], tuple(file for file in files if file != first)))
