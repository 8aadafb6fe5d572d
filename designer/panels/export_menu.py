"""Export: what is on the table as files, as a template that deploys it, as ASL, or as a picture with the run on it."""

from __future__ import annotations

import io
import re
import zipfile
from functools import partial

import streamlit as st

from designer import compute
from designer.panels.head import title_of
from designer.session import Session
from designer.texts import Texts, plain
from engine import export
from engine.publish import File, publish
from engine.substitutions import holes

MIMES = {
    "json": "application/json",
    "yaml": "application/yaml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "mermaid": "text/plain",
    "dot": "text/vnd.graphviz",
}
ASL = {"json": "ASL (JSON)", "yaml": "ASL (YAML)"}
TEMPLATES = {"sam": "SAM", "terraform": "Terraform", "cdk-python": "CDK (Python)", "cdk-typescript": "CDK (TypeScript)"}
PICTURES = {"svg": "SVG", "png": "PNG", "mermaid": "Mermaid", "dot": "DOT"}
ENDINGS = {"mermaid": "mmd", "dot": "gv"}


def export_menu(session: Session, t: Texts, *, key: str = "export") -> None:
    """A button with a box of all formats; each is made when it is asked for."""
    reading = compute.read(session.text, session.path, session.workflow_type)
    box = st.popover(t("Export"), icon=":material/download:", key=key, disabled=not session.is_open, width="content")
    with box, st.container(key=f"{key}-box", width=380, gap="small"):
        if reading.document is None:
            st.caption(t("The text cannot be read yet; what could be read can be taken along as a picture."))
        else:
            _texts(session, reading, t, key)
        _pictures(session, reading, t, key)


def _texts(session: Session, reading: compute.Reading, t: Texts, key: str) -> None:
    name = title_of(session, t)
    known = compute.substitutions(session.text, session.path)
    st.markdown(f"**{t('Definition')}**")
    with st.container(horizontal=True, gap="small"):
        for to, label in ASL.items():
            _file(partial(_published, reading.document, to, name, session.workflow_type), label, to, name, t, key)
    st.markdown(f"**{t('To deploy')}**")
    with st.container(horizontal=True, gap="medium"):
        logs = st.checkbox(t("with logs"), key=f"{key}-logs")
        traces = st.checkbox(t("with X-Ray traces"), key=f"{key}-traces")
    with st.container(horizontal=True, gap="small"):
        for to, label in TEMPLATES.items():
            made = partial(
                _published, reading.document, to, name, session.workflow_type, known=known, logs=logs, traces=traces
            )
            _file(made, label, to, name, t, key)
    found = [hole.name for hole in holes(reading.document)]
    st.caption(
        t("Its role allows no more than its calls need; what only a run can tell is marked in the file.")
        + (" " + t("To be filled in: {names}.", names=plain(", ".join(found))) if found else "")
    )


def _pictures(session: Session, reading: compute.Reading, t: Texts, key: str) -> None:
    st.markdown(f"**{t('Picture')}**")
    trace = compute.trace(session.setting) if session.run and reading.document is not None else None
    with st.container(horizontal=True, gap="medium"):
        run = st.checkbox(
            t("with the status of the run"),
            key=f"{key}-run",
            disabled=trace is None,
            help=t("Each state as the run on the table left it: in a word and by its border, and by colour"),
        )
        sideways = st.checkbox(t("left to right"), key=f"{key}-sideways")
    drawable = export.drawable()
    with st.container(horizontal=True, gap="small"):
        for format, label in PICTURES.items():
            st.download_button(
                label,
                partial(compute.exported, session.setting, session.text, format, sideways, bool(run and trace), t),
                f"{_stem(title_of(session, t))}.{ENDINGS.get(format, format)}",
                MIMES[format],
                key=f"{key}-{format}",
                disabled=format in export.PICTURES and not drawable,
                help=None if drawable or format not in export.PICTURES else t("Graphviz is missing."),
                on_click="ignore",
            )


def _file(made: partial[bytes], label: str, to: str, name: str, t: Texts, key: str) -> None:
    several = to.startswith("cdk")
    ending = "zip" if several else {"sam": "template.yaml", "terraform": "tf"}.get(to, f"asl.{to}")
    st.download_button(
        label,
        made,
        f"{_stem(name)}.{ending}",
        "application/zip" if several else MIMES.get(to, "text/plain"),
        key=f"{key}-{to}",
        help=t("The stack and the definition that it reads, in one archive") if several else None,
        on_click="ignore",
    )


def _published(
    document: object,
    to: str,
    name: str,
    workflow_type: str,
    *,
    known: dict[str, object] | None = None,
    logs: bool = False,
    traces: bool = False,
) -> bytes:
    """The file, or an archive of several."""
    files = publish(document, to, name=name, workflow_type=workflow_type, known=known, logs=logs, traces=traces)
    return files[0].text.encode() if len(files) == 1 else _archive(files)


def _archive(files: tuple[File, ...]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name), file.text)
    return out.getvalue()


def _stem(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name).strip("-").lower()[:60] or "workflow"
