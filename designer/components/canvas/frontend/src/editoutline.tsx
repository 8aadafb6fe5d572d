// The drawing as a list: every state with what follows it, and everything that can be done with it, by keyboard and by ear.

import { useMemo, useRef, type JSX } from "react";
import { useEdit, useEditor } from "./editing";
import { groupName } from "./graph";
import { Icon, KindIcon } from "./icons";
import { inOrder, sentence } from "./outline";
import { Rename } from "./rename";
import type { GraphEdge, GraphNode } from "./types";

export function EditOutline(): JSX.Element {
  const editor = useEditor();
  const { t } = editor.words;
  const graph = useEdit((e) => e.props.graph);
  const list = useRef<HTMLUListElement>(null);
  const items = useMemo(() => inOrder(graph.nodes, graph.groups), [graph]);
  const ways = useMemo(() => {
    const found = new Map<string, GraphEdge[]>();
    for (const edge of graph.edges) found.set(edge.source, [...(found.get(edge.source) ?? []), edge]);
    return found;
  }, [graph]);
  const active = useEdit((e) => (e.one !== null && e.nodes.has(e.one) ? e.one : (items[0]?.node.id ?? "")));
  const move = (by: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const at = rows.indexOf((list.current?.getRootNode() as ShadowRoot).activeElement as HTMLElement);
    const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    row?.focus();
    if (row?.dataset.row) editor.select([row.dataset.row]);
  };
  return (
    <ul className="outline" ref={list} aria-label={t("outline")}
      onKeyDown={(event) => {
        if (!(event.target as HTMLElement).dataset.row || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
        event.preventDefault();
        event.stopPropagation();
        move(event.key === "ArrowDown" ? 1 : -1);
      }}>
      {items.length === 0 && <li className="note">{t("blank_text")}</li>}
      {items.map(({ node, depth, heading }) => (
        <li key={node.id}>
          {heading && <div className="heading" style={{ paddingLeft: 14 + 20 * depth }}>{groupName(heading, t)}</div>}
          <Row node={node} depth={depth} active={node.id === active} ways={ways.get(node.id) ?? []} />
        </li>
      ))}
    </ul>
  );
}

function Row({ node, depth, active, ways }: { node: GraphNode; depth: number; active: boolean; ways: GraphEdge[] }): JSX.Element {
  const editor = useEditor();
  const { t, count } = editor.words;
  const selected = useEdit((e) => e.view.nodes.has(node.id));
  const renaming = useEdit((e) => e.view.renaming === node.id);
  const said = ways.filter((way) => way.kind !== "end" && way.kind !== "start").map((way) => sentence(way, editor.nodes, t));
  const problems = node.problems ?? [];
  const open = (element: HTMLElement) => {
    const box = element.getBoundingClientRect();
    if (!editor.view.nodes.has(node.id)) editor.select([node.id]);
    editor.set({ menu: { x: box.left + 30, y: box.bottom, of: "node", id: node.id } });
  };
  return (
    <div className="entry-line">
      {renaming ? (
        <div className="entry active" style={{ paddingLeft: 14 + 20 * depth }}><span className="tile"><KindIcon type={node.type} service={node.service} /></span><Rename node={node.id} /></div>
      ) : (
        <button type="button" data-row={node.id} className={`entry${selected ? " active" : ""}`} tabIndex={active ? 0 : -1} aria-pressed={selected}
          style={{ paddingLeft: 14 + 20 * depth }}
          onClick={(event) => (event.shiftKey || event.ctrlKey || event.metaKey ? editor.toggle(node.id) : editor.select([node.id]))}
          onDoubleClick={() => editor.startRename()}
          onContextMenu={(event) => {
            event.preventDefault();
            event.stopPropagation();
            open(event.currentTarget);
          }}>
          <span className="tile"><KindIcon type={node.type} service={node.service} /></span>
          <span className="what">
            <b>{node.name}</b> <span className="quiet">{node.broken ?? node.caption}</span>
            {said.length > 0 && <span className="ways">→ {said.join(" · ")}</span>}
            {problems.length > 0 && <span className={`ways is-${node.severity}`}>{count("problems", problems.length)}: {problems.join(" ")}</span>}
          </span>
        </button>
      )}
      <button type="button" className="tool row-menu" tabIndex={active ? 0 : -1} aria-haspopup="menu" aria-label={t("menu_of", { state: node.name })} title={t("menu_of", { state: node.name })}
        onClick={(event) => open(event.currentTarget)}><Icon of="dots" /></button>
    </div>
  );
}
