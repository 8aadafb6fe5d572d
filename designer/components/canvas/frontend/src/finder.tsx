// A state by its name: to go there, or to say where a transition leads.

import { useEffect, useMemo, useRef, useState, type JSX } from "react";
import { useEdit, useEditor, type Editor, type Seeking } from "./editing";
import { KindIcon } from "./icons";
import type { GraphNode } from "./types";

const MOST = 12;

export function Finder(): JSX.Element | null {
  const seeking = useEdit((e) => e.view.seeking);
  return seeking && <Open seeking={seeking} key={JSON.stringify(seeking)} />;
}

function Open({ seeking }: { seeking: Seeking }): JSX.Element {
  const editor = useEditor();
  const { t } = editor.words;
  const graph = useEdit((e) => e.props.graph);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const found = useMemo(() => named(graph.nodes.filter((node) => can(editor, node, seeking)), query), [editor, graph, query, seeking]);
  const shut = () => {
    editor.set({ seeking: null });
    editor.focus();
  };
  const take = (node: GraphNode | undefined) => {
    if (!node) return;
    shut();
    if (seeking.for === "find") editor.go(node.id);
    else if (seeking.for === "reconnect") editor.wish("reconnect", () => ({ edge: seeking.edge, target: node.id }), editor.edit.rev);
    else {
      const box = editor.board?.getBoundingClientRect();
      editor.joined(seeking.source, node.id, seeking.caught, (box?.left ?? 0) + (box?.width ?? 0) / 2 - 100, (box?.top ?? 0) + 60);
    }
  };
  const label = seeking.for === "find" ? t("find_state")
    : seeking.for === "reconnect" ? t("lead_where")
    : t(seeking.caught ? "catch_where" : "connect_where", { state: editor.name(seeking.source) });
  return (
    <div className="finder" role="dialog" aria-label={label}>
      <input ref={field} value={query} placeholder={label} aria-label={label} role="combobox" aria-expanded="true" aria-controls="found-states" spellCheck={false}
        aria-activedescendant={found[at] ? `found-${at}` : undefined}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onBlur={(event) => {
          if (!event.currentTarget.parentElement?.contains(event.relatedTarget)) editor.set({ seeking: null });
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") shut();
          else if (event.key === "Enter") take(found[at]);
          else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setAt((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length));
          }
        }} />
      <ul role="listbox" id="found-states" aria-label={label}>
        {found.map((node, i) => (
          <li key={node.id} id={`found-${i}`} role="option" aria-selected={i === at} className={i === at ? "active" : undefined} title={node.name}
            onPointerDown={(event) => {
              event.preventDefault();
              take(node);
            }}>
            <span className="tile"><KindIcon type={node.type} service={node.service} /></span>
            <span className="cut">{node.type === "End" ? t("end") : node.name}</span>
            <small className="quiet cut">{node.caption}</small>
          </li>
        ))}
        {found.length === 0 && <li className="quiet" role="presentation">{t("nothing_found", { text: query })}</li>}
      </ul>
    </div>
  );
}

function can(editor: Editor, node: GraphNode, seeking: Seeking): boolean {
  if (node.type === "Start" || (node.type === "End" && seeking.for === "find")) return false;
  if (seeking.for === "find") return true;
  if (node.type === "Broken") return false;
  if (seeking.for === "connect") return editor.flowOf(node.id) === editor.flowOf(seeking.source);
  const edge = editor.edges.get(seeking.edge);
  return edge !== undefined && editor.flowOf(node.id) === editor.flowOf(edge.target);
}

/** Those whose name begins with the words, then those that hold them. */
function named(nodes: GraphNode[], query: string): GraphNode[] {
  const asked = query.trim().toLowerCase();
  const rank = (node: GraphNode) => {
    const at = node.name.toLowerCase().indexOf(asked);
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  return nodes.map((node) => ({ node, rank: rank(node) })).filter((one) => one.rank < 2).sort((a, b) => a.rank - b.rank).slice(0, MOST).map((one) => one.node);
}
