// The card around the editor: what it shows, where the cursor is, the switch of the language, and search.

import { Editor } from "./editor";
import type { Language, Props, Tell } from "./types";

const NAMES: Record<Language, string> = { json: "JSON", yaml: "YAML" };
const SEARCH = "M7 12.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zm4-1.5 3.5 3.5";

export class Frame {
  private readonly root = element("div", "paso-code");
  private readonly title = element("b");
  private readonly kind = element("span", "quiet");
  private readonly place = element("span", "quiet place");
  private readonly choice = element("span", "switch");
  private readonly search = element("button", "tool");
  private readonly editor: Editor;

  constructor(
    private props: Props,
    tell: Tell,
    parent: HTMLElement,
  ) {
    const bar = this.root.appendChild(element("div", "bar"));
    const tools = element("div", "tools");
    bar.append(this.title, this.kind, this.place, tools);
    tools.append(this.choice, this.search);
    this.search.type = "button";
    this.search.append(icon(SEARCH));
    this.search.onclick = () => this.editor.find();
    for (const language of Object.keys(NAMES) as Language[]) {
      const button = this.choice.appendChild(element("button"));
      button.type = "button";
      button.textContent = NAMES[language];
      button.dataset.language = language;
      button.onclick = () => {
        if (language !== this.props.language) this.editor.speak(language);
      };
    }
    const room = this.root.appendChild(element("div", "place-of-editor"));
    parent.appendChild(this.root);
    // Keys of the editor are nobody else's: Streamlit reruns at `r` and clears its cache at `c`, a page may have more.
    for (const kind of ["keydown", "keypress"] as const)
      this.root.addEventListener(kind, (event) => {
        if (!(event.ctrlKey || event.metaKey) || /^[zyf]$/i.test(event.key)) event.stopPropagation();
      });
    this.editor = new Editor(props, tell, room, this.root.getRootNode() as ShadowRoot | Document, () => this.where());
    this.say();
  }

  update(props: Props, tell: Tell): void {
    this.props = props;
    this.editor.update(props, tell);
    this.say();
  }

  private say(): void {
    const { texts, language, height, reports } = this.props;
    this.root.style.setProperty("--height", height === "stretch" ? "100%" : `${height}px`);
    this.title.textContent = texts.code;
    this.kind.textContent = NAMES[language];
    this.kind.hidden = reports.language;
    this.choice.style.display = reports.language ? "" : "none";
    for (const button of this.choice.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.language === language));
    this.search.title = `${texts.find} (Ctrl+F)`;
    this.search.setAttribute("aria-label", texts.find);
    this.where();
  }

  private where(): void {
    const { state } = this.editor?.view ?? {};
    if (!state) return;
    const head = state.selection.main.head;
    const line = state.doc.lineAt(head);
    this.place.textContent = this.props.texts.line_column
      .replace("{line}", String(line.number))
      .replace("{column}", String(head - line.from + 1));
  }

  dispose(): void {
    this.editor.dispose();
    this.root.remove();
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, className = ""): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}

function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width: "16", height: "16", viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": "1.5", "stroke-linecap": "round", "aria-hidden": "true" }))
    svg.setAttribute(name, value);
  svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path")).setAttribute("d", path);
  return svg;
}
