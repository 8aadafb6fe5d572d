// What can be done at a node: go to it, stop at it, read it. Opened with the other mouse button or the menu key.

import { useEffect, useLayoutEffect, useRef, useState, type JSX, type MouseEvent } from "react";
import { toNode } from "./moves";
import { usePlayer, useView, type Player } from "./player";

/** The props of an element that has a node's menu. */
export const opensMenu = (player: Player, node: string) => ({
  onContextMenu: (event: MouseEvent<HTMLElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const box = event.currentTarget.getBoundingClientRect();
    const byKey = event.clientX === 0 && event.clientY === 0;
    player.set({ menu: { node, x: byKey ? box.left + 24 : event.clientX, y: byKey ? box.bottom : event.clientY } });
  },
});

export function Menu(): JSX.Element | null {
  const player = usePlayer();
  const { t } = player.words;
  const menu = useView((p) => p.view.menu);
  const breaks = useView((p) => p.view.breaks);
  const box = useRef<HTMLDivElement>(null);
  const back = useRef<HTMLElement | null>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!menu || !element) return;
    const frame = element.parentElement!.getBoundingClientRect();
    setPlace({
      left: Math.min(menu.x - frame.left, frame.width - element.offsetWidth - 8),
      top: Math.min(menu.y - frame.top, frame.height - element.offsetHeight - 8),
    });
    back.current = (element.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    element.querySelector("button")?.focus();
  }, [menu]);
  useEffect(() => {
    if (!menu) return;
    const shut = (event: Event) => {
      if (!event.composedPath().includes(box.current!)) player.set({ menu: null });
    };
    document.addEventListener("pointerdown", shut, true);
    return () => document.removeEventListener("pointerdown", shut, true);
  }, [menu, player]);
  if (!menu) return null;
  const { node } = menu;
  const step = player.view.step;
  const reach = (by: 1 | -1) => player.run !== null && toNode(player.run, step, node, by) !== null;
  const set = (kind: "entry" | "exit") => breaks.find((one) => one.kind === kind && one.node === node);
  const word = (kind: "entry" | "exit") => {
    const point = set(kind);
    return t(`break_${kind}_${!point ? "set" : point.on ? "off" : "remove"}`);
  };
  const rows: [string, () => void, boolean][] = [
    [t("run_to"), () => player.runTo(node, 1), reach(1)],
    [t("back_to"), () => player.runTo(node, -1), reach(-1)],
    [word("entry"), () => player.turn("entry", node), true],
    [word("exit"), () => player.turn("exit", node), true],
    [t("show_definition"), () => {
      player.choose(node);
      player.set({ tab: "definition" });
    }, true],
  ];
  return (
    <div className="menu" role="menu" ref={box} style={place} aria-label={node.slice(node.lastIndexOf("/States/") + 8)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        event.stopPropagation();
        const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not(:disabled)")];
        const at = items.indexOf((event.currentTarget.getRootNode() as ShadowRoot).activeElement as HTMLElement);
        items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]?.focus();
      }}>
      {rows.map(([label, act, can]) => (
        <button key={label} type="button" role="menuitem" disabled={!can} onClick={() => {
          player.set({ menu: null });
          act();
          back.current?.focus();
        }}>{label}</button>
      ))}
    </div>
  );
}
