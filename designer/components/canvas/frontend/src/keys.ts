// Keys of the player. None acts while somebody types, none reaches Streamlit's own (`r` and `c`).

import type { Player } from "./player";

const PAGE_KEYS = /^(Arrow(Left|Right)|Home|End|[npiogbB?]| )$/;

const ESCAPES = ["help", "selected", "playing", "listed", "menu", "pointed"] as const;

const typing = (target: EventTarget | undefined): boolean => {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === "TEXTAREA") return true;
  return target.tagName === "INPUT" && (target as HTMLInputElement).type !== "range";
};

const inside = (target: EventTarget | undefined, ...tags: string[]): boolean => target instanceof HTMLElement && tags.includes(target.tagName);

/** Keys that the player takes wherever in it the focus is. Answers whether it did something. */
function act(player: Player, event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return false;
  if (inside(target, "SELECT")) return false;
  switch (event.key) {
    case "ArrowRight": event.shiftKey ? player.resume(1) : player.hop(1); break;
    case "ArrowLeft": event.shiftKey ? player.resume(-1) : player.hop(-1); break;
    case "n": player.over(1); break;
    case "p": player.over(-1); break;
    case "i": player.into(); break;
    case "o": player.out(); break;
    case "b": {
      const node = player.view.selected ?? player.current;
      if (!node) return false;
      player.turn("entry", node);
      break;
    }
    case "B": player.set({ listed: !player.view.listed }); break;
    case "Home": player.go(0); break;
    case "End": player.go(Infinity); break;
    case " ":
      if (inside(target, "BUTTON")) return false;
      player.toggle();
      break;
    case "+": player.camera?.zoom(1); break;
    case "-": player.camera?.zoom(-1); break;
    case "0": player.camera?.fit(); break;
    case "g": player.set({ outline: !player.view.outline }); break;
    case "?": player.set({ help: !player.view.help }); break;
    case "Escape":
      if (!ESCAPES.some((open) => player.view[open])) return false;
      player.stop();
      player.set({ help: false, selected: null, listed: false, menu: null, pointed: null, answer: null });
      break;
    default: return false;
  }
  return true;
}

/** Is the focus nowhere in particular: on the page itself, and not on something that has keys of its own? */
const idle = (): boolean => document.activeElement?.matches(":not(input,textarea,select,button,a,summary,iframe,[contenteditable],[role])") ?? true;

/** Listens on what is around the player (see `frame.ts`), and on the page while the focus is nowhere in particular. */
export function listen(root: HTMLElement, player: Player): () => void {
  const down = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && act(player, event)) event.preventDefault();
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  };
  const keep = (event: KeyboardEvent) => event.stopPropagation();
  const outside = (event: KeyboardEvent) => {
    if (event.composedPath().includes(root) || !player.run || !idle() || !PAGE_KEYS.test(event.key)) return;
    if (act(player, event)) event.preventDefault();
  };
  root.addEventListener("keydown", down);
  root.addEventListener("keypress", keep);
  document.addEventListener("keydown", outside);
  return () => {
    root.removeEventListener("keydown", down);
    root.removeEventListener("keypress", keep);
    document.removeEventListener("keydown", outside);
  };
}
