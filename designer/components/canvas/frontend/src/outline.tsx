// The same states as a list: for the keyboard, for a screen reader, for a narrow window.

import { uncovered } from "./coverage";
import { useMemo, useRef } from "react";
import { groupName, isState } from "./graph";
import { KindIcon, StatusIcon } from "./icons";
import { opensMenu } from "./menu";
import { usePlayer, useView } from "./player";
import type { GraphEdge, GraphGroup, GraphNode } from "./types";

type Item = { node: GraphNode; depth: number; heading: GraphGroup | null };

export function Outline() {
  const player = usePlayer();
  const { t } = player.words;
  const graph = useView((p) => p.props.graph);
  const list = useRef<HTMLUListElement>(null);
  const items = useMemo(() => inOrder(graph.nodes, graph.groups), [graph]);
  const ways = useMemo(() => {
    const found = new Map<string, GraphEdge[]>();
    for (const edge of graph.edges) found.set(edge.source, [...(found.get(edge.source) ?? []), edge]);
    return found;
  }, [graph]);
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph]);
  const active = useView((p) => p.view.selected ?? p.current ?? items[0]?.node.id ?? "");

  const move = (by: number) => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const root = list.current?.getRootNode() as ShadowRoot | Document;
    const at = buttons.indexOf(root.activeElement as HTMLElement);
    buttons[Math.min(Math.max(at + by, 0), buttons.length - 1)]?.focus();
  };

  return (
    <ul className="outline" ref={list} aria-label={t("outline")}
      onKeyDown={(event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          event.stopPropagation();
          move(event.key === "ArrowDown" ? 1 : -1);
        }
      }}>
      {items.map(({ node, depth, heading }) => (
        <li key={node.id}>
          {heading && <div className="heading" style={{ paddingLeft: 14 + 20 * depth }}>{groupName(heading, t)}</div>}
          <Row node={node} depth={depth} active={node.id === active} ways={ways.get(node.id) ?? []} names={names} />
        </li>
      ))}
    </ul>
  );
}

function Row({ node, depth, active, ways, names }: {
  node: GraphNode; depth: number; active: boolean; ways: GraphEdge[]; names: Map<string, GraphNode>;
}) {
  const player = usePlayer();
  const { t, count } = player.words;
  const now = useView((p) => (p.run ? p.run.statusOf(node.id, p.moment) : null));
  const current = useView((p) => p.current === node.id);
  const stops = useView((p) => p.view.breaks.some((one) => one.node === node.id && one.on));
  const never = useView((p) => uncovered(p, node.id));
  const untaken = useView((p) => ways.filter((way) => uncovered(p, way.id)).map((way) => way.id).join("\n"));
  const said = ways.filter((way) => way.kind !== "end" && way.kind !== "start").map((way) => (
    `${sentence(way, names, t)}${untaken.split("\n").includes(way.id) ? ` (${t("never_taken")})` : ""}`));
  return (
    <button type="button" data-row className={`entry${current ? " current" : ""}${active ? " active" : ""}`} tabIndex={active ? 0 : -1}
      aria-current={current ? "step" : undefined} style={{ paddingLeft: 14 + 20 * depth }} onClick={() => player.choose(node.id)} {...opensMenu(player, node.id)}>
      {stops && <i className="spot on" role="img" aria-label={t("breakpoint")} />}
      <span className="tile"><KindIcon type={node.type} service={node.service} /></span>
      <span className="what">
        <b>{node.name}</b> <span className="quiet">{node.broken ?? node.caption}</span>
        {never && <span className="never">{t("never_reached")}</span>}
        {said.length > 0 && <span className="ways">→ {said.join(" · ")}</span>}
      </span>
      {now && (
        <span className={`state-word is-${now.status}`}>
          <StatusIcon status={now.status} size={16} /> {t(now.status)}{now.tries > 1 && ` · ${count("tries", now.tries)}`}
          {now.visits > 1 && ` · ${count("visits", now.visits)}`}
        </span>
      )}
    </button>
  );
}

export function sentence(way: GraphEdge, names: Map<string, GraphNode>, t: (key: string, values?: Record<string, string>) => string): string {
  const target = names.get(way.target)?.name ?? way.target;
  return t(`edge_${way.kind}`, { target, label: way.title || way.label || "" });
}

/** States in the order of the document, those of inner flows right below the state that holds them. */
export function inOrder(nodes: GraphNode[], groups: GraphGroup[]): Item[] {
  const items: Item[] = [];
  const parents = new Map(groups.map((group) => [group.id, group]));
  /** A state that holds flows is drawn within the box around them, and belongs to where that box stands. */
  const home = (node: GraphNode): string | null => {
    const group = node.group === null ? undefined : parents.get(node.group);
    return group?.node === node.id ? group.parent : (node.group ?? null);
  };
  const within = (group: string | null, depth: number) => {
    let first = true;
    for (const node of nodes) {
      if (home(node) !== group || !isState(node)) continue;
      const heading = group !== null && first ? (groups.find((one) => one.id === group) ?? null) : null;
      first = false;
      items.push({ node, depth, heading });
      if (depth < 50) for (const inner of groups) if (inner.node === node.id) within(inner.id, depth + 1);
    }
  };
  within(null, 0);
  return items;
}
