// The button that makes a picture of the graph, and what can be chosen there.

import { useEffect, useRef, useState, type JSX } from "react";
import { pngBlob, save, svgText, type Pictured } from "./picture";
import { Tool } from "./tool";

/** `draw` gives what is on screen, with or without the run; null while there is nothing. */
export function Pictures({ t, hasRun, draw }: { t: (key: string) => string; hasRun: boolean; draw: (withRun: boolean) => Pictured | null }): JSX.Element {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const menu = box.current!;
    menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const press = (event: Event) => {
      if (!event.composedPath().includes(menu)) setOpen(false);
    };
    document.addEventListener("pointerdown", press, true);
    return () => document.removeEventListener("pointerdown", press, true);
  }, [open]);
  const make = async (kind: "svg" | "png", withRun: boolean) => {
    setOpen(false);
    const picture = draw(withRun);
    if (!picture) return;
    const name = `${withRun ? "workflow-run" : "workflow"}.${kind}`;
    save(name, kind === "svg" ? new Blob([svgText(picture)], { type: "image/svg+xml" }) : await pngBlob(picture));
  };
  const row = (kind: "svg" | "png", withRun: boolean) => (
    <button key={kind + String(withRun)} type="button" role="menuitem" onClick={() => void make(kind, withRun)}>{t(`picture_${kind}${withRun ? "_run" : ""}`)}</button>
  );
  return (
    <span className="pictures" ref={box}
      onKeyDown={(event) => {
        if (!open || !["Escape", "ArrowDown", "ArrowUp"].includes(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
        if (event.key === "Escape") {
          setOpen(false);
          box.current?.querySelector("button")?.focus();
          return;
        }
        const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
        const at = items.indexOf((event.currentTarget.getRootNode() as ShadowRoot).activeElement as HTMLElement);
        items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]?.focus();
      }}>
      <Tool icon="picture" label={t("picture")} onClick={() => setOpen(!open)} />
      {open && <div className="menu" role="menu" aria-label={t("picture")}>{[row("svg", false), row("png", false), ...(hasRun ? [row("svg", true), row("png", true)] : [])]}</div>}
    </span>
  );
}

/** The colours of the page as they are now. */
export function coloursOf(element: Element): (name: string) => string {
  const style = getComputedStyle(element.closest(".paso") ?? element);
  return (name) => style.getPropertyValue(name).trim();
}
