"""Lines between the parts of a page that can be dragged: the parts take their size from a variable of the page's style.

What somebody set is remembered by their browser and by nobody else. A double click, or Enter, folds a part and opens it again.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

_CSS = """/**/
.split { position: relative; width: 100%; height: 100%; touch-action: none; outline: none; border-radius: 4px; }
.split.y { cursor: row-resize; min-height: 10px; }
.split.x { cursor: col-resize; min-width: 10px; }
.split::after { content: ""; position: absolute; border-radius: 2px; background: var(--st-border-color); transition: background .15s; }
.split.y::after { left: calc(50% - 22px); width: 44px; top: calc(50% - 1.5px); height: 3px; }
.split.x::after { top: calc(50% - 22px); height: 44px; left: calc(50% - 1.5px); width: 3px; }
.split:hover::after, .split:focus-visible::after, .split.held::after { background: var(--st-primary-color); }
"""
_JS = """
const read = (name, start) => {
  const kept = Number.parseFloat(window.localStorage.getItem(name) ?? "");
  return Number.isFinite(kept) ? kept : start;
};
export default function ({ data, parentElement }) {
  const { name, axis, start, least, most, label } = data;
  const root = document.documentElement;
  const at = { size: read(name, start), open: start };
  const room = () => Math.min(most, (axis === "y" ? window.innerHeight : window.innerWidth) * 0.7);
  let line = parentElement.querySelector(".split");
  if (!line) {
    line = document.createElement("div");
    parentElement.appendChild(line);
  }
  line.className = `split ${axis}`;
  for (const [key, value] of Object.entries({ role: "separator", tabindex: "0", "aria-label": label, "aria-orientation": axis === "y" ? "horizontal" : "vertical" })) line.setAttribute(key, value);
  const put = (size, keep = true) => {
    at.size = size < least / 2 ? 0 : Math.max(least, Math.min(room(), size));
    if (at.size > 0) at.open = at.size;
    root.style.setProperty(name, `${at.size}px`);
    root.toggleAttribute(`data${name}-folded`, at.size === 0);
    line.setAttribute("aria-valuenow", String(Math.round(at.size)));
    if (keep) window.localStorage.setItem(name, String(at.size));
  };
  put(at.size, false);
  const fold = () => put(at.size > 0 ? 0 : Math.max(at.open, least));
  line.onpointerdown = (event) => {
    const from = axis === "y" ? event.clientY : event.clientX;
    const before = at.size;
    line.setPointerCapture(event.pointerId);
    line.classList.add("held");
    line.onpointermove = (moved) => put(before + from - (axis === "y" ? moved.clientY : moved.clientX));
    line.onpointerup = line.onpointercancel = () => {
      line.classList.remove("held");
      line.onpointermove = null;
    };
  };
  line.ondblclick = fold;
  line.onkeydown = (event) => {
    const by = { ArrowUp: 24, ArrowLeft: 24, ArrowDown: -24, ArrowRight: -24 }[event.key];
    if (by) put(Math.max(0, at.size + by));
    else if (event.key === "Enter" || event.key === " ") fold();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
"""


def split(name: str, axis: Literal["x", "y"], *, start: int, least: int, most: int, label: str) -> None:
    """A line to drag. `name` is the variable (`--paso-…`) that holds the size, in pixels, of what stands behind the line."""
    mount = st.components.v2.component("paso_split", css=_CSS, js=_JS)
    data = {"name": name, "axis": axis, "start": start, "least": least, "most": most, "label": label}
    mount(key=f"split{name}", data=data, height="stretch" if axis == "x" else 10)
