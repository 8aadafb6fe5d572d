// What the mouse does over the drawing: carry something from the palette, move a state, draw a transition, frame several
// states. All of it by pointer events on the window, so that it works inside the shadow root and beyond the canvas's border.

import type { Editor, Load } from "./editing";
import type { Box, Point } from "./layout";
import { dropAt, nodeAt, overlap } from "./targets";

const STARTS_AT = 5;
const BORDER = 30;
const PAN = 9;

type Place = { x: number; y: number };
type Following = { move(at: Place, event: PointerEvent | null): void; end(at: Place, event: PointerEvent): void; stop(): void };

/** Follows a pressed pointer. `begin` is asked once the mouse has really moved; Escape lets everything go. */
function follow(editor: Editor, press: Place, begin: () => Following | null, still?: () => void): void {
  let on: Following | null = null;
  let last: Place = press;
  let frame = 0;
  const far = (event: PointerEvent) => Math.hypot(event.clientX - press.x, event.clientY - press.y) > STARTS_AT;
  const glide = () => {
    const board = editor.board?.getBoundingClientRect();
    if (on && board && editor.camera && inside(board, last)) {
      const dx = last.x < board.left + BORDER ? PAN : last.x > board.right - BORDER ? -PAN : 0;
      const dy = last.y < board.top + BORDER ? PAN : last.y > board.bottom - BORDER ? -PAN : 0;
      if (dx || dy) {
        editor.camera.pan(dx, dy);
        on.move(last, null);
      }
    }
    frame = requestAnimationFrame(glide);
  };
  const move = (event: PointerEvent) => {
    last = { x: event.clientX, y: event.clientY };
    if (!on) {
      if (!far(event)) return;
      on = begin();
      if (!on) return done();
      frame = requestAnimationFrame(glide);
    }
    event.preventDefault();
    on.move(last, event);
  };
  const up = (event: PointerEvent) => {
    const was = on;
    done();
    if (was) was.end({ x: event.clientX, y: event.clientY }, event);
    else still?.();
  };
  const drop = () => {
    const was = on;
    done();
    was?.stop();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !on) return;
    event.preventDefault();
    event.stopPropagation();
    drop();
  };
  const done = () => {
    on = null;
    cancelAnimationFrame(frame);
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", up);
    window.removeEventListener("pointercancel", drop);
    window.removeEventListener("keydown", key, true);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", up);
  window.addEventListener("pointercancel", drop);
  window.addEventListener("keydown", key, true);
}

const inside = (box: DOMRect, { x, y }: Place) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

/** Carry something: an item of the palette, or states that are there. A press that does not move is `still`. */
export function carry(editor: Editor, event: { clientX: number; clientY: number }, load: () => Load, still?: () => void): void {
  follow(editor, { x: event.clientX, y: event.clientY }, () => {
    const what = load();
    const moving = new Set("nodes" in what ? what.nodes : []);
    const find = (at: Place) => {
      const { board, camera, layout } = editor;
      if (!board || !inside(board.getBoundingClientRect(), at)) return null;
      if (editor.shown.nodes.length === 0) return { place: { block: "" }, at: { x: 0, y: 0 } }; // an empty page has no camera yet
      return camera && layout ? dropAt(editor.shown, layout, camera.toFlow(at.x, at.y), camera.scale(), moving) : null;
    };
    return {
      move: (at) => editor.set({ load: { ...what, ...at, drop: find(at) }, menu: null }),
      end: (at) => {
        const drop = find(at);
        editor.set({ load: null });
        if (!drop) return;
        editor.touched = drop.at;
        editor.focus();
        if ("item" in what) editor.insert(what.item.id, drop.place);
        else editor.wish("move", () => ({ nodes: what.nodes, ...drop.place }), editor.edit.rev);
      },
      stop: () => editor.set({ load: null }),
    };
  }, still);
}

/** Draw a transition out of `source`, or take the end of `edge` elsewhere. With Alt it is a Catch. */
export function draw(editor: Editor, event: { clientX: number; clientY: number }, source: string, edge: string | null, caught: boolean, from: Point): void {
  follow(editor, { x: event.clientX, y: event.clientY }, () => {
    const target = (at: Place): string | null => {
      const { camera, layout } = editor;
      const found = camera && layout && nodeAt(editor.shown, layout, camera.toFlow(at.x, at.y));
      return found && found !== "(start)" && editor.flowOf(found) === editor.flowOf(source) ? found : null;
    };
    const isCaught = (alt: boolean) => caught || (alt && edge === null);
    let alt = false;
    return {
      move: (at, moved) => {
        if (moved) alt = moved.altKey;
        editor.set({ link: { source, edge, caught: isCaught(alt), from, to: editor.camera!.toFlow(at.x, at.y), target: target(at) }, menu: null });
      },
      end: (at, up) => {
        const found = target(at);
        editor.set({ link: null });
        if (!found) {
          const { camera, layout } = editor;
          if (camera && layout && nodeAt(editor.shown, layout, camera.toFlow(at.x, at.y))) editor.inform(editor.words.t("same_flow"));
          return;
        }
        editor.focus();
        editor.touched = editor.camera!.toFlow(at.x, at.y);
        if (edge !== null) editor.wish("reconnect", () => ({ edge, target: found }), editor.edit.rev);
        else editor.joined(source, found, isCaught(up.altKey), up.clientX, up.clientY);
      },
      stop: () => editor.set({ link: null }),
    };
  });
}

/** Frame several states: those that the frame touches are selected. */
export function frame(editor: Editor, event: { clientX: number; clientY: number }): void {
  const start = { x: event.clientX, y: event.clientY };
  const before = new Set(editor.view.nodes);
  follow(editor, start, () => {
    const from = editor.camera!.toFlow(start.x, start.y);
    const box = (at: Place): Box => {
      const to = editor.camera!.toFlow(at.x, at.y);
      return { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) };
    };
    return {
      move: (at) => editor.set({ band: box(at) }),
      end: (at) => {
        const band = box(at);
        editor.set({ band: null });
        const touched = editor.shown.nodes.filter((node) => !["Start", "End"].includes(node.type) && editor.layout?.boxes.has(node.id) && overlap(editor.layout.boxes.get(node.id)!, band));
        editor.select([...before, ...touched.map((node) => node.id)]);
      },
      stop: () => editor.set({ band: null }),
    };
  });
}

