// The graph as a file, SVG or PNG, made here from the layout that is on screen: no font, style or address of another place is in
// it, and every name is a text node. The status of the run goes along when it is wanted.

import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import type { JSX } from "react";
import { groupName } from "./graph";
import { drawnKind, drawnMark } from "./icons";
import type { Layout } from "./layout";
import type { GraphEdge, GraphGroup, GraphNode, Status } from "./types";

export type Pictured = {
  nodes: GraphNode[];
  edges: GraphEdge[];
  groups: GraphGroup[];
  layout: Layout;
  /** How a state ended, null when no run is shown; and whether a transition was taken. */
  status: ((node: string) => Status) | null;
  taken: (edge: string) => boolean;
  /** The value of a colour of the page, such as "--accent". */
  colour: (name: string) => string;
  t: (key: string, values?: Record<string, string>) => string;
};

const MARGIN = 20;
const FONT = '"Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif';
const SHARPNESS = 2;
const LONGEST = 16_000;
const LARGEST = 120_000_000;
const LOOKS: Record<Status, { colour: string; width: number; dash?: string }> = {
  notrun: { colour: "--line", width: 1.5 },
  running: { colour: "--run", width: 2, dash: "6 4" },
  retrying: { colour: "--run", width: 2, dash: "6 4" },
  waiting: { colour: "--run", width: 2, dash: "6 4" },
  succeeded: { colour: "--ok", width: 2 },
  failed: { colour: "--fail", width: 3.5 },
  timedout: { colour: "--fail", width: 3.5 },
  caught: { colour: "--caught", width: 4 },
  canceled: { colour: "--cancel", width: 2, dash: "2 3" },
};

/** The text of an SVG file. */
export function svgText(of: Pictured): string {
  const place = document.createElement("div");
  const root = createRoot(place);
  flushSync(() => root.render(<Sheet of={of} />));
  const text = new XMLSerializer().serializeToString(place.querySelector("svg")!);
  root.unmount();
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

/** The same as pixels, twice as sharp as on screen where that is not too large for a browser. */
export async function pngBlob(of: Pictured): Promise<Blob> {
  const frame = frameOf(of);
  const scale = Math.min(SHARPNESS, LONGEST / frame.width, LONGEST / frame.height, Math.sqrt(LARGEST / (frame.width * frame.height)));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(of))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(frame.width * scale);
  canvas.height = Math.round(frame.height * scale);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("PNG"))), "image/png"));
}

/** Hands a file to whoever looks at the page. */
export function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

type Frame = { x: number; y: number; width: number; height: number };

function frameOf({ layout }: Pictured): Frame {
  let [left, top, right, low] = [Infinity, Infinity, -Infinity, -Infinity];
  const hold = (x: number, y: number) => {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    low = Math.max(low, y);
  };
  for (const box of layout.boxes.values()) {
    hold(box.x, box.y);
    hold(box.x + box.width, box.y + box.height);
  }
  for (const curve of layout.curves.values()) {
    for (const point of curve.points) hold(point.x, point.y);
    if (curve.label) {
      hold(curve.label.x - 95, curve.label.y);
      hold(curve.label.x + 95, curve.label.y);
    }
  }
  if (left === Infinity) return { x: 0, y: 0, width: 2 * MARGIN, height: 2 * MARGIN };
  return { x: left - MARGIN, y: top - MARGIN, width: right - left + 2 * MARGIN, height: low - top + 2 * MARGIN };
}

function Sheet({ of }: { of: Pictured }): JSX.Element {
  const frame = frameOf(of);
  return (
    <svg xmlns="http://www.w3.org/2000/svg" viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`} width={frame.width} height={frame.height} fontFamily={FONT}>
      <rect {...frame} fill={of.colour("--panel")} />
      {of.groups.map((group) => <Group key={group.id} of={of} group={group} />)}
      {of.edges.map((edge) => <Way key={edge.id} of={of} edge={edge} />)}
      {of.nodes.map((node) => <State key={node.id} of={of} node={node} />)}
      {of.edges.map((edge) => <Label key={edge.id} of={of} edge={edge} />)}
    </svg>
  );
}

function Group({ of, group }: { of: Pictured; group: GraphGroup }): JSX.Element | null {
  const box = of.layout.boxes.get(group.id);
  if (!box) return null;
  return (
    <g>
      <rect {...box} rx={12} fill={of.colour("--soft")} fillOpacity={0.6} stroke={of.colour("--line")} />
      <text x={box.x + 10} y={box.y + 16} fontSize={11.5} fill={of.colour("--mute")}>{groupName(group, of.t)}</text>
    </g>
  );
}

function State({ of, node }: { of: Pictured; node: GraphNode }): JSX.Element | null {
  const box = of.layout.boxes.get(node.id);
  if (!box) return null;
  if (node.type === "Start" || node.type === "End") {
    return (
      <g>
        <rect {...box} rx={box.height / 2} fill={of.colour("--soft")} stroke={of.colour("--line")} />
        <text x={box.x + box.width / 2} y={box.y + box.height / 2 + 4} fontSize={11.5} textAnchor="middle" fill={of.colour("--mute")}>{of.t(node.type === "Start" ? "start" : "end")}</text>
      </g>
    );
  }
  const status: Status = node.broken === null ? (of.status?.(node.id) ?? "notrun") : "notrun";
  const look = node.broken === null ? LOOKS[status] : { colour: "--fail", width: 2, dash: "5 4" };
  const pale = of.status !== null && status === "notrun" && node.broken === null;
  const lines = node.lines.length;
  const caption = node.broken ?? node.caption ?? "";
  const top = box.y + (box.height - 18 * lines - (caption ? 15 : 0)) / 2;
  return (
    <g opacity={pale ? 0.6 : undefined}>
      <title>{[node.name, caption, of.status && status !== "notrun" ? of.t(status) : ""].filter(Boolean).join(" · ")}</title>
      <rect {...box} rx={9} fill={of.colour(node.broken === null ? "--panel" : "--del")} stroke={of.colour(look.colour)} strokeWidth={look.width} strokeDasharray={look.dash} />
      {status === "caught" && <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={9} fill="none" stroke={of.colour("--panel")} strokeWidth={1.4} />}
      <rect x={box.x + 10} y={box.y + box.height / 2 - 13} width={26} height={26} rx={7} fill={of.colour(node.broken === null ? "--sel" : "--del")} />
      <g transform={`translate(${box.x + 15} ${box.y + box.height / 2 - 8})`} color={of.colour(node.broken === null ? "--accent" : "--fail")} fill="none" stroke="currentColor" strokeWidth={1.6} strokeLinecap="round" strokeLinejoin="round">
        {drawnKind(node.type, node.service)}
      </g>
      {node.lines.map((line, i) => <text key={i} x={box.x + 46} y={top + 18 * i + 13.5} fontSize={13.5} fontWeight={600} fill={of.colour("--ink")}>{line}</text>)}
      {caption && <text x={box.x + 46} y={top + 18 * lines + 11} fontSize={11.5} fill={of.colour(node.broken === null ? "--mute" : "--del-ink")}>{shortened(caption, box.width - 56)}</text>}
      {status !== "notrun" && (
        <g transform={`translate(${box.x + box.width - 28} ${box.y + box.height / 2 - 9.5}) scale(1.19)`}>
          <circle cx={8} cy={8} r={8} fill={of.colour(look.colour)} />
          <g fill="none" stroke={of.colour("--panel")} strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round">{drawnMark(status)}</g>
        </g>
      )}
    </g>
  );
}

const shortened = (text: string, width: number): string => {
  const most = Math.floor(width / 5.6);
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
};

const wayColour = (of: Pictured, edge: GraphEdge): string => of.colour(edge.broken ? "--fail" : edge.kind === "catch" ? "--caught" : "--mute");

function Way({ of, edge }: { of: Pictured; edge: GraphEdge }): JSX.Element | null {
  const curve = of.layout.curves.get(edge.id);
  if (!curve) return null;
  const taken = of.status !== null && of.taken(edge.id);
  const dash = taken ? undefined : edge.broken || edge.kind === "catch" ? "5 4" : edge.kind === "default" ? "2 4" : undefined;
  const colour = wayColour(of, edge);
  const tip = curve.tip;
  const angle = tip ? Math.atan2(tip.y - curve.from.y, tip.x - curve.from.x) : 0;
  const side = (turn: number) => `${tip!.x - 9 * Math.cos(angle + turn)} ${tip!.y - 9 * Math.sin(angle + turn)}`;
  return (
    <g opacity={of.status !== null && !taken ? 0.5 : undefined}>
      <path d={curve.path} fill="none" stroke={colour} strokeWidth={taken ? 2 : 1.5} strokeDasharray={dash} />
      {tip && <path d={`M${tip.x} ${tip.y}L${side(0.42)}L${side(-0.42)}z`} fill={colour} />}
    </g>
  );
}

function Label({ of, edge }: { of: Pictured; edge: GraphEdge }): JSX.Element | null {
  const at = of.layout.curves.get(edge.id)?.label;
  if (!at || !edge.label) return null;
  const text = shortened(edge.kind === "default" ? of.t("otherwise") : edge.label, 190);
  const width = text.length * 5.8 + 10;
  return (
    <g>
      <rect x={at.x - width / 2} y={at.y - 8} width={width} height={16} rx={5} fill={of.colour("--panel")} />
      <text x={at.x} y={at.y + 4} fontSize={11.5} textAnchor="middle" fill={edge.kind === "catch" ? of.colour("--chg-ink") : of.colour("--mute")}>{text}</text>
    </g>
  );
}
