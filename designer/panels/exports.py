"""Whatever is shown can be taken along: a table as CSV and Parquet, a chart as SVG and PNG, and as the table behind it.

Files are made when they are asked for. A chart becomes a picture in the browser, out of the very SVG on the page: no
request leaves it, and no second renderer has to agree with the first.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from designer.texts import Texts
from engine.charts import Chart

STILL = {"displayModeBar": False}

# Plotly draws one chart as several SVGs over each other: they are put into one, with the page's background behind.
_JS = """
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".take");
  root.replaceChildren();
  const picture = () => {
    const plot = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
    if (!plot) return null;
    const layers = [...plot.querySelectorAll("svg.main-svg")];
    const { width, height } = layers[0].getBoundingClientRect();
    const scale = layers[0].clientWidth / width || 1;
    const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    whole.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    whole.setAttribute("width", width * scale);
    whole.setAttribute("height", height * scale);
    const back = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    back.setAttribute("width", "100%");
    back.setAttribute("height", "100%");
    back.setAttribute("fill", data.background);
    whole.append(back, ...layers.map((layer) => layer.cloneNode(true)));
    return { text: new XMLSerializer().serializeToString(whole), width: width * scale, height: height * scale };
  };
  const save = (blob, ending) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${data.name}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const ways = {
    SVG: () => {
      const made = picture();
      if (made) save(new Blob([made.text], { type: "image/svg+xml" }), "svg");
    },
    PNG: () => {
      const made = picture();
      if (!made) return;
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = made.width * 2;
        canvas.height = made.height * 2;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((blob) => save(blob, "png"), "image/png");
      };
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(made.text);
    },
  };
  for (const [name, act] of Object.entries(ways)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.title = data.says.replace("{name}", name);
    button.onclick = act;
    root.append(button);
  }
}
"""
_CSS = """
.take { display: flex; gap: 8px; }
button { font: 400 14px var(--st-font); color: var(--st-text-color); background: transparent; min-height: 34px;
  border: 1px solid var(--st-border-color); border-radius: 8px; padding: 3px 12px; cursor: pointer; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""


def table_files(frame: pd.DataFrame | Callable[[], pd.DataFrame], name: str, t: Texts) -> None:
    """Two buttons: the table as CSV, and as Parquet. `name` is that of the files, and of the buttons' keys."""

    def told() -> pd.DataFrame:
        return frame() if callable(frame) else frame

    st.download_button(
        "CSV",
        lambda: told().to_csv(index=False).encode("utf-8"),
        f"{name}.csv",
        "text/csv",
        key=f"{name}-csv",
        help=t("This table as CSV"),
        on_click="ignore",
    )
    st.download_button(
        "Parquet",
        lambda: parquet(told()),
        f"{name}.parquet",
        "application/vnd.apache.parquet",
        key=f"{name}-parquet",
        help=t("This table as Parquet"),
        on_click="ignore",
    )


def parquet(frame: pd.DataFrame) -> bytes:
    """The table as a Parquet file."""
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return out.getvalue()


def show(chart: Chart, t: Texts, height: int | None = None) -> None:
    """A chart under its title, with the table behind it and its files in a box that opens beside the title."""
    name, frame = chart.name, pd.DataFrame(chart.table)
    figure = chart.figure if height is None else go.Figure(chart.figure).update_layout(height=height)
    with st.container(key=f"chart-{name}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"chart-{name}-head"):
            st.markdown(f"**{chart.title}**", width="stretch")
            with st.popover(t("Table"), icon=":material/table:", type="tertiary", key=f"chart-{name}-box"):
                st.dataframe(frame, hide_index=True, key=f"chart-{name}-table")
                with st.container(horizontal=True, gap="small"):
                    table_files(frame, name, t)
                    _pictures(name, t)
        st.plotly_chart(figure, config=STILL, key=f"plot-{name}", alt=chart.title)


def _pictures(name: str, t: Texts) -> None:
    mount = st.components.v2.component("paso_take_chart", html='<div class="take"></div>', css=_CSS, js=_JS)
    background = "#161b22" if st.context.theme.type == "dark" else "#ffffff"
    mount(
        key=f"take-{name}",
        data={"chart": f"chart-{name}", "name": name, "background": background, "says": t("This chart as {name}")},
        width="content",
    )
