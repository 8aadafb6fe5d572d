// From state to state along the transitions: down to the next, up to the one before, left and right to what stands beside.

import type { Editor } from "./editing";

const TURNED: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp", ArrowDown: "ArrowRight", ArrowUp: "ArrowLeft" };

/** The state that an arrow key leads to; null when there is none. */
export function onward(editor: Editor, key: string): string | null {
  const { shown, layout } = editor;
  const is = (id: string) => {
    const type = editor.nodes.get(id)?.type;
    return type !== undefined && type !== "Start" && type !== "End";
  };
  const direction = editor.view.across ? TURNED[key] : key;
  const [edge] = editor.view.edges;
  const here = editor.chosen.at(-1);
  if (here === undefined) {
    const way = edge === undefined ? undefined : editor.edges.get(edge);
    if (way) return [direction === "ArrowUp" ? way.source : way.target].find(is) ?? null;
    const first = shown.edges.find((one) => one.source === "(start)")?.target ?? shown.nodes.find((node) => is(node.id))?.id;
    return first ?? null;
  }
  const box = layout?.boxes.get(here);
  const place = (id: string) => layout?.boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
  if (direction === "ArrowDown" || direction === "ArrowUp") {
    const down = direction === "ArrowDown";
    const ways = shown.edges.filter((one) => (down ? one.source : one.target) === here && one.source !== one.target);
    return ways.map((one) => (down ? one.target : one.source)).find(is) ?? null;
  }
  // Beside it: the nearest state that stands at about the same height.
  const along = editor.view.across ? "y" : "x";
  const athwart = editor.view.across ? "x" : "y";
  const sign = direction === "ArrowRight" ? 1 : -1;
  if (!box) return null;
  const size = { x: box.width, y: box.height };
  const middle = (id: string, of: "x" | "y") => place(id)[of] + (of === "x" ? place(id).width : place(id).height) / 2;
  const beside = shown.nodes
    .filter((node) => node.id !== here && is(node.id) && sign * (middle(node.id, along) - middle(here, along)) > 1)
    .filter((node) => Math.abs(middle(node.id, athwart) - middle(here, athwart)) < 1.5 * size[athwart])
    .sort((one, other) => Math.abs(middle(one.id, along) - middle(here, along)) - Math.abs(middle(other.id, along) - middle(here, along)));
  return beside[0]?.id ?? null;
}
