"""A run as one HTML page that opens anywhere: the player's bundle and the run inside it, no server, no request.

The bundle is made of modules that load each other by name. In the page they are texts; a few lines make an address of each
(`blob:`), put those in place of the names, and mount the player as Streamlit would.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from designer.components.canvas.mount import ASSETS, FOLDER


def page(props: Mapping[str, Any], *, title: str, language: str) -> str:
    """The page. `props` is what `canvas` sends to the player (see `components.canvas`)."""
    folder = FOLDER / ASSETS
    style = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("canvas-*.css")))
    modules = "\n".join(
        f'<script type="text/plain" data-module="{path.name}">{base64.b64encode(path.read_bytes()).decode("ascii")}</script>'
        for path in _in_order(sorted(folder.glob("*.js")))
    )
    return PAGE.format(
        language=escape(language),
        title=escape(title),
        style=style.replace("</", "<\\/"),
        modules=modules,
        data=within_script(props),
        boot=BOOT,
    )


def within_script(value: Any) -> str:
    """JSON that may stand in a script element: no sign in it ends the element or begins a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _in_order(paths: list[Path]) -> list[Path]:
    """Each module behind those that it names."""
    texts = {path: path.read_text("utf-8") for path in paths}
    placed: list[Path] = []
    while len(placed) < len(paths):
        for path in paths:
            needs = [other for other in paths if other != path and f"./{other.name}" in texts[path]]
            if path not in placed and all(other in placed for other in needs):
                placed.append(path)
                break
        else:
            raise ValueError("the modules of the bundle load each other in a circle")
    return placed


PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; worker-src blob:">
<title>{title} · Paso</title>
<style>
:root {{ color-scheme: light dark; --st-background-color: #fbfbfa; }}
@media (prefers-color-scheme: dark) {{ :root {{ --st-background-color: #0e1117; }} }}
body {{ margin: 0; padding: 12px; background: var(--st-background-color); }}
{style}
</style>
</head>
<body>
<noscript>{title}</noscript>
<div id="player"></div>
{modules}
<script type="application/json" id="run">{data}</script>
<script type="module">{boot}</script>
</body>
</html>
"""

BOOT = """
const addresses = new Map();
let last = "";
for (const element of document.querySelectorAll("script[data-module]")) {
  const bytes = Uint8Array.from(atob(element.textContent), (sign) => sign.charCodeAt(0));
  let text = new TextDecoder().decode(bytes);
  for (const [name, address] of addresses) text = text.replaceAll("./" + name, address);
  last = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  addresses.set(element.dataset.module, last);
}
const { default: mount } = await import(last);
const data = JSON.parse(document.getElementById("run").textContent);
mount({ data, parentElement: document.getElementById("player"), setStateValue() {}, setTriggerValue() {} });
"""
