// The door: Streamlit calls this on mount and on every change of data, with the same element.

import "@xyflow/react/dist/base.css";
import "./style.css";
import { StrictMode, useEffect, useRef } from "react";
import { createRoot, type Root } from "react-dom/client";
import { Crumbs } from "./children";
import { GraphPane } from "./graph";
import { Help } from "./help";
import { listen } from "./keys";
import { LadderPane } from "./ladder";
import { Menu } from "./menu";
import { Player, PlayerContext, usePlayer, useView } from "./player";
import { announcement, TimeBar } from "./time";
import type { Props } from "./types";

type Host = {
  data: Props;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
};
type Mounted = { root: Root; player: Player; element: HTMLElement };

const MOUNTED = Symbol("player");
const LEAST_HEIGHT = 560;
const BELOW = 12;

function App() {
  const player = usePlayer();
  const dark = useView((p) => p.view.dark);
  const props = useView((p) => p.props);
  const { height, locale } = props;
  const root = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);

  useEffect(() => listen(root.current!, player), [player]);

  // The theme is the page's: a probe takes its background, and its transition says when that changed.
  useEffect(() => {
    const look = () => {
      const parts = getComputedStyle(probe.current!).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [255, 255, 255];
      const now = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 128;
      if (now !== player.view.dark) player.set({ dark: now });
    };
    look();
    const element = probe.current!;
    element.addEventListener("transitionend", look);
    return () => element.removeEventListener("transitionend", look);
  }, [player]);

  useEffect(() => {
    const element = root.current!;
    if (height !== "window") {
      element.style.setProperty("--height", `${height}px`);
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
  }, [height, props]); // what stands above the player may have grown with the page's last run

  return (
    <div className="paso" ref={root} tabIndex={-1} data-mode={dark ? "dark" : "light"} role="group" aria-label={player.words.t("player")}>
      <span className="probe" ref={probe} />
      <Crumbs key={`crumbs-${locale}`} />
      {/* Another language says everything anew; where the reader stands is the player's and stays. */}
      <div className="panes" key={locale}>
        <GraphPane />
        <LadderPane />
      </div>
      <TimeBar key={`time-${locale}`} />
      <Help key={`help-${locale}`} />
      <Menu />
      <Announcer />
    </div>
  );
}

function Announcer() {
  const player = usePlayer();
  const { t, number } = player.words;
  const step = useView((p) => p.view.step);
  const moved = useView((p) => p.view.follow > 0);
  const run = player.run;
  return (
    <div className="sr" aria-live="polite" role="status">
      {run && moved && `${t("step")} ${number(step + 1)} ${t("of")} ${number(run.steps.length)}: ${announcement(run, run.steps[step])}`}
    </div>
  );
}

export default function mount({ data, parentElement, setStateValue, setTriggerValue }: Host): () => void {
  const place = parentElement as HTMLElement & { [MOUNTED]?: Mounted };
  const tell = {
    cursor: (value: unknown) => setStateValue("cursor", value),
    select: (value: unknown) => setTriggerValue("select", value),
    ask: (value: unknown) => setTriggerValue("ask", value),
    questions: (value: unknown) => setStateValue("questions", value),
    dive: (value: unknown) => setTriggerValue("dive", value),
  };
  const before = place[MOUNTED];
  if (before) before.player.update(data, tell);
  else {
    const element = document.createElement("div");
    place.appendChild(element);
    const player = new Player(data, tell);
    const root = createRoot(element);
    root.render(
      <StrictMode>
        <PlayerContext.Provider value={player}>
          <App />
        </PlayerContext.Provider>
      </StrictMode>,
    );
    place[MOUNTED] = { root, player, element };
  }
  return () => {
    const mounted = place[MOUNTED];
    if (!mounted) return;
    delete place[MOUNTED];
    mounted.player.dispose();
    mounted.root.unmount();
    mounted.element.remove();
  };
}
