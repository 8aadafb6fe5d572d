// A new layout is moved so that what somebody is looking at stays where it was: the view never jumps after an edit.

import type { Editor } from "./editing";
import { drawn, type Layout, type Point } from "./places";

export function shifted(editor: Editor, now: Layout, across: boolean): Layout {
  const { layout: before, camera, touched } = editor;
  const turned = editor.laidAcross !== across;
  editor.laidAcross = across;
  editor.touched = null;
  if (!before || turned) return now;
  const pair = anchor(editor, before, now, touched, camera?.middle() ?? { x: 0, y: 0 });
  if (!pair) return now;
  const from = before.boxes.get(pair[0])!;
  const to = now.boxes.get(pair[1])!;
  return moved(now, { x: from.x + from.width / 2 - to.x - to.width / 2, y: from.y - to.y });
}

/** A state before and after: the selected one, be its name another, else what is nearest to where the edit was made. */
function anchor(editor: Editor, before: Layout, now: Layout, touched: Point | null, middle: Point): [string, string] | null {
  const was = editor.before;
  const is = editor.chosen;
  const near = touched ?? middle;
  if (!touched && was.length === 1 && is.length === 1 && before.boxes.has(was[0]) && now.boxes.has(is[0]) && (was[0] === is[0] || !now.boxes.has(was[0]))) {
    return [was[0], is[0]];
  }
  const kept = touched ? undefined : was.find((id) => before.boxes.has(id) && now.boxes.has(id));
  if (kept !== undefined) return [kept, kept];
  let best: string | null = null;
  let far = Infinity;
  for (const [id, box] of before.boxes) {
    if (!now.boxes.has(id) || id.endsWith(")")) continue;
    const distance = Math.hypot(box.x + box.width / 2 - near.x, box.y + box.height / 2 - near.y);
    if (distance < far) [best, far] = [id, distance];
  }
  return best === null ? null : [best, best];
}

function moved(layout: Layout, by: Point): Layout {
  if (!by.x && !by.y) return layout;
  const to = (point: Point): Point => ({ x: point.x + by.x, y: point.y + by.y });
  return {
    ...layout,
    boxes: new Map([...layout.boxes].map(([id, box]) => [id, { ...box, ...to(box) }])),
    curves: new Map([...layout.curves].map(([id, curve]) => {
      const points = curve.points.map(to);
      return [id, { points, path: drawn(points), tip: curve.tip && to(curve.tip), from: to(curve.from), label: curve.label && to(curve.label) }];
    })),
  };
}
