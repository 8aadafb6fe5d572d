// What the component takes from the page around it: light or dark, and how much of the window is left for it.

import { useEffect, type RefObject } from "react";

const LEAST_HEIGHT = 560;
const BELOW = 12;

/** The theme is the page's: a probe takes its background, and its transition says when that changed. */
export function useDark(probe: RefObject<HTMLElement | null>, dark: boolean, tell: (dark: boolean) => void): void {
  useEffect(() => {
    const look = () => {
      const parts = getComputedStyle(probe.current!).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [255, 255, 255];
      const now = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 128;
      if (now !== dark) tell(now);
    };
    look();
    const element = probe.current!;
    element.addEventListener("transitionend", look);
    return () => element.removeEventListener("transitionend", look);
  });
}

/** So many pixels, or what is left of the window below where the component stands. `moved` changes when that may have. */
export function useHeight(root: RefObject<HTMLElement | null>, height: number | "window" | "stretch", moved: unknown): void {
  useEffect(() => {
    const element = root.current!;
    if (height !== "window") {
      element.style.setProperty("--height", height === "stretch" ? "100%" : `${height}px`);
      return;
    }
    const fill = () => {
      const top = element.getBoundingClientRect().top + window.scrollY;
      element.style.setProperty("--height", `${Math.max(LEAST_HEIGHT, window.innerHeight - Math.max(0, top) - BELOW)}px`);
    };
    fill();
    const later = window.setTimeout(fill, 400);
    window.addEventListener("resize", fill);
    return () => {
      window.clearTimeout(later);
      window.removeEventListener("resize", fill);
    };
  }, [root, height, moved]);
}

/** What is around React's own container: a listener there hears a key after the parts of the page, and not what they took. */
export const around = (root: HTMLElement): HTMLElement => root.parentElement!.parentNode as HTMLElement;
