// What can be put into the drawing: flow states, actions, patterns. By mouse they are carried to their place; by keyboard Enter
// puts one where the selection is.

import { useMemo, useRef, type JSX, type KeyboardEvent } from "react";
import { useEdit, useEditor, type Editor } from "./editing";
import { carry } from "./gestures";
import { Icon, KindIcon } from "./icons";
import type { Item } from "./types";

const GROUPS = ["flow", "actions", "patterns"] as const;
const STARTERS = 3;

/** What of the palette fits the search: every word of it, in title, caption or id; then what Python has found besides. */
function fitting(editor: Editor): { group: string; items: Item[] }[] {
  const { palette, found, sought } = editor.edit;
  const query = editor.view.query.trim();
  const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item: Item) => asked.every((word) => `${item.title} ${item.caption} ${item.id}`.toLowerCase().includes(word));
  const near = palette.filter(fits);
  const ids = new Set(near.map((item) => item.id));
  const more = query && found && sought === editor.view.query ? found.filter((item) => !ids.has(item.id)) : [];
  return [
    ...GROUPS.map((group) => ({ group, items: near.filter((item) => item.group === group) })),
    { group: "found", items: more },
  ].filter(({ items }) => items.length > 0);
}

export function Palette(): JSX.Element {
  const editor = useEditor();
  const { t } = editor.words;
  const query = useEdit((e) => e.view.query);
  const edit = useEdit((e) => e.props.edit!);
  const groups = useMemo(() => fitting(editor), [editor, query, edit]);
  const list = useRef<HTMLDivElement>(null);
  const waits = query.trim() !== "" && edit.sought !== query;
  const options = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];

  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const all = options();
    const at = all.indexOf((list.current?.getRootNode() as ShadowRoot).activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to < 0) list.current?.parentElement?.querySelector("input")?.focus();
    else all[Math.min(to, all.length - 1)]?.focus();
  };

  return (
    <section className="card palette" aria-label={t("palette")}>
      <div className="search">
        <Icon of="find" />
        <input type="search" value={query} placeholder={t("search_actions")} aria-label={t("search_actions")} spellCheck={false}
          onChange={(event) => editor.seek(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              event.preventDefault();
              options()[0]?.focus();
            } else if (event.key === "Enter") {
              const [first] = groups;
              if (first && query.trim()) editor.insert(first.items[0].id);
            } else if (event.key === "Escape") {
              if (query) editor.seek("");
              else editor.focus();
            }
          }} />
      </div>
      <div className="items" role="listbox" aria-label={t("palette")} ref={list} onKeyDown={keys}>
        {groups.map(({ group, items }, g) => (
          <div key={group} role="group" aria-label={t(`group_${group}`)}>
            <h4 aria-hidden="true">{t(`group_${group}`)}</h4>
            {items.map((item, i) => <Entry key={item.id} item={item} first={g === 0 && i === 0} />)}
          </div>
        ))}
        {groups.length === 0 && query.trim() && <p className="note">{t(waits ? "searching" : "nothing_found", { text: query })}</p>}
      </div>
    </section>
  );
}

const Entry = ({ item, first }: { item: Item; first: boolean }) => {
  const editor = useEditor();
  return (
    <div className="item" role="option" aria-selected={false} tabIndex={first ? 0 : -1} data-item={item.id} title={item.caption || item.title}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.focus({ preventScroll: true });
        carry(editor, event, () => ({ item }));
      }}
      onDoubleClick={() => editor.insert(item.id)}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
        editor.insert(item.id);
      }}>
      <Tile item={item} />
      <span className="name">{item.title}</span>
    </div>
  );
};

/** The colour of a picture: by the type of the state, or by the service that does the work. */
export const tileOf = ({ type, service }: { type: string; service?: string }): string => `tile of-${type.toLowerCase()}${service ? ` by-${service}` : ""}`;

/** The picture of an item; its colour says what kind of thing it is, its shape which. */
export const Tile = ({ item }: { item: Item }) => (
  <span className={item.group === "patterns" ? "tile of-pattern" : tileOf(item)}>
    {item.group === "patterns" ? <Icon of="pattern" /> : <KindIcon type={item.type} service={item.service} />}
  </span>
);

/** What is carried, beside the mouse. */
export function Ghost(): JSX.Element | null {
  const editor = useEditor();
  const load = useEdit((e) => e.view.load);
  if (!load || (load.drop && !("item" in load))) return null; // the place says what will be there
  const frame = editor.root?.getBoundingClientRect();
  const place = { left: load.x - (frame?.left ?? 0) + 12, top: load.y - (frame?.top ?? 0) + 10 };
  return (
    <div className={`ghost${load.drop ? "" : " lost"}`} style={place} aria-hidden="true">
      {"item" in load && <Tile item={load.item} />}
      {load.drop === null && ("item" in load ? load.item.title : load.name)}
    </div>
  );
}

/** An empty drawing: what can be done, and three ways to begin. */
export function Starters(): JSX.Element {
  const editor = useEditor();
  const { t } = editor.words;
  const patterns = useEdit((e) => e.props.edit!.palette).filter((item) => item.group === "patterns").slice(0, STARTERS);
  return (
    <div className="starters">
      <span className="plus"><Icon of="zoomIn" size={22} /></span>
      <h3>{t("blank_title")}</h3>
      <p>{t("blank_text")}</p>
      {patterns.length > 0 && <p className="quiet">{t("blank_patterns")}</p>}
      <div>
        {patterns.map((item) => (
          <button key={item.id} type="button" className="starter" data-starter={item.id} onClick={() => editor.insert(item.id, { block: "" })}>
            <Tile item={item} />
            <span><b>{item.title}</b>{item.caption && <small>{item.caption}</small>}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
