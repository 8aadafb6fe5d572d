// What can be done with what is selected: one list, for the menu of the mouse, for the rows of the outline and for the keys.

import { useEffect, useLayoutEffect, useRef, useState, type JSX, type ReactNode } from "react";
import { copyNow, pasteNow } from "./clip";
import { CATCHERS, LAST, useEdit, useEditor, type Editor } from "./editing";

type Action = { text: string; keys?: string; act: (editor: Editor) => void; can: (editor: Editor) => boolean };
const node = (editor: Editor) => editor.nodes.get(editor.one ?? "");
const some = (editor: Editor) => editor.view.nodes.size > 0;
const seekIn = (editor: Editor) => editor.root?.querySelector<HTMLElement>(".palette input")?.focus();

export const ACTIONS: Record<string, Action> = {
  insert: { text: "do_insert", keys: "I", act: seekIn, can: () => true },
  connect: { text: "do_connect", keys: "C", act: (e) => e.set({ seeking: { for: "connect", source: e.one!, caught: false } }), can: (e) => node(e) !== undefined && !LAST.has(node(e)!.type) },
  catch: { text: "do_catch", keys: "⇧C", act: (e) => e.set({ seeking: { for: "connect", source: e.one!, caught: true } }), can: (e) => CATCHERS.has(node(e)?.type ?? "") },
  rename: { text: "do_rename", keys: "F2", act: (e) => e.startRename(), can: (e) => e.one !== null },
  duplicate: { text: "do_duplicate", keys: "Ctrl+D", act: (e) => e.duplicate(), can: some },
  copy: { text: "do_copy", keys: "Ctrl+C", act: (e) => void copyNow(e, false), can: some },
  cut: { text: "do_cut", keys: "Ctrl+X", act: (e) => void copyNow(e, true), can: some },
  paste: { text: "do_paste", keys: "Ctrl+V", act: (e) => void pasteNow(e), can: () => true },
  parallel: { text: "do_parallel", keys: "W", act: (e) => e.wrap("Parallel"), can: some },
  map: { text: "do_map", keys: "M", act: (e) => e.wrap("Map"), can: some },
  lift: { text: "do_lift", keys: "U", act: (e) => e.lift(), can: (e) => e.one !== null && (e.holds(e.one) || e.flowOf(e.one) !== "") },
  fold: { text: "do_fold", keys: "X", act: (e) => e.fold(e.one!), can: (e) => e.one !== null && e.holds(e.one) && !e.view.shut.has(e.one) },
  unfold: { text: "do_unfold", keys: "X", act: (e) => e.fold(e.one!), can: (e) => e.one !== null && e.view.shut.has(e.one) },
  reconnect: { text: "do_reconnect", keys: "C", act: (e) => e.set({ seeking: { for: "reconnect", edge: [...e.view.edges][0] } }), can: (e) => e.view.edges.size === 1 },
  remove: { text: "do_remove", keys: "Del", act: (e) => e.remove(), can: (e) => some(e) || e.view.edges.size > 0 },
  all: { text: "do_all", keys: "Ctrl+A", act: (e) => selectAll(e), can: (e) => e.nodes.size > 0 },
  find: { text: "find_state", keys: "/", act: (e) => e.set({ seeking: { for: "find" } }), can: (e) => e.nodes.size > 0 },
  undo: { text: "undo", keys: "Ctrl+Z", act: (e) => e.undo(), can: (e) => e.edit.canUndo },
  redo: { text: "redo", keys: "Ctrl+Y", act: (e) => e.redo(), can: (e) => e.edit.canRedo },
};

const MENUS: Record<"node" | "edge" | "pane", string[]> = {
  node: ["insert", "connect", "catch", "", "rename", "duplicate", "copy", "cut", "paste", "", "parallel", "map", "lift", "fold", "unfold", "", "remove"],
  edge: ["insert", "paste", "reconnect", "", "remove"],
  pane: ["insert", "paste", "", "all", "find", "", "undo", "redo"],
};

export function selectAll(editor: Editor): void {
  editor.select(editor.shown.nodes.filter(({ type }) => type !== "Start" && type !== "End" && type !== "Broken").map(({ id }) => id));
}

/** A list of buttons at a place of the page: arrows move in it, Escape and a press elsewhere shut it. */
export function Sheet({ x, y, label, children, shut }: { x: number; y: number; label: string; children: ReactNode; shut: () => void }): JSX.Element {
  const editor = useEditor();
  const box = useRef<HTMLDivElement>(null);
  const back = useRef<HTMLElement | null>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const element = box.current!;
    const frame = editor.root!.getBoundingClientRect();
    setPlace({ left: Math.max(0, Math.min(x - frame.left, frame.width - element.offsetWidth - 8)), top: Math.max(0, Math.min(y - frame.top, frame.height - element.offsetHeight - 8)) });
    back.current = (element.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    element.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    return () => {
      const now = (editor.root?.getRootNode() as ShadowRoot | undefined)?.activeElement;
      if (!now || !now.isConnected || now === editor.root) (back.current?.isConnected ? back.current : editor.board)?.focus({ preventScroll: true });
    };
  }, [editor, x, y]);
  useEffect(() => {
    const press = (event: Event) => {
      if (!event.composedPath().includes(box.current!)) shut();
    };
    document.addEventListener("pointerdown", press, true);
    return () => document.removeEventListener("pointerdown", press, true);
  });
  return (
    <div className="menu" role="menu" ref={box} style={place} aria-label={label}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape" || event.key === "Tab") {
          event.preventDefault();
          back.current?.focus();
          shut();
        }
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not(:disabled)")];
        const at = items.indexOf((event.currentTarget.getRootNode() as ShadowRoot).activeElement as HTMLElement);
        items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]?.focus();
      }}>
      {children}
    </div>
  );
}

export function Choose({ label, keys, act, disabled }: { label: string; keys?: string; act: () => void; disabled?: boolean }): JSX.Element {
  return (
    <button type="button" role="menuitem" disabled={disabled} onClick={act}>
      <span>{label}</span>{keys && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}

/** The menu of what the mouse points at, and the question which way is meant. */
export function Menus(): JSX.Element | null {
  const editor = useEditor();
  const { t } = editor.words;
  const menu = useEdit((e) => e.view.menu);
  const ways = useEdit((e) => e.view.ways);
  if (ways) {
    const { source, target } = ways;
    const taken = editor.edges.get(`${source}/Default`);
    return (
      <Sheet x={ways.x} y={ways.y} label={t("which_way")} shut={() => editor.set({ ways: null })}>
        <p>{t("way_from_to", { source: editor.name(source), target: editor.name(target) })}</p>
        <Choose label={t("way_choice")} act={() => editor.connect(source, target, "choice")} />
        <Choose label={taken ? t("way_default_instead", { state: editor.name(taken.target) }) : t("way_default")} act={() => editor.connect(source, target, "default")} />
      </Sheet>
    );
  }
  if (!menu) return null;
  const shut = () => editor.set({ menu: null });
  const rows = MENUS[menu.of].filter((name) => name === "" || !["fold", "unfold", "catch", "lift"].includes(name) || ACTIONS[name].can(editor));
  return (
    <Sheet x={menu.x} y={menu.y} label={menu.of === "pane" ? t("canvas") : editor.described()} shut={shut}>
      {rows.map((name, i) => name === "" ? <hr key={i} /> : (
        <Choose key={name} label={t(ACTIONS[name].text)} keys={ACTIONS[name].keys} disabled={!ACTIONS[name].can(editor)} act={() => {
          shut();
          editor.focus();
          ACTIONS[name].act(editor);
        }} />
      ))}
    </Sheet>
  );
}
