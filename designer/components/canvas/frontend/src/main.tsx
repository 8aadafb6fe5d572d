// The door: Streamlit calls this on mount and on every change of data, with the same element.

import "@xyflow/react/dist/base.css";
import "./style.css";
import "./edit.css";
import { StrictMode, useEffect, useRef } from "react";
import { createRoot, type Root } from "react-dom/client";
import { Crumbs } from "./children";
import { Editor, EditorContext } from "./editing";
import { EditorApp } from "./editor";
import { around, useDark, useHeight } from "./frame";
import { GraphPane } from "./graph";
import { Help } from "./help";
import { listen } from "./keys";
import { LadderPane } from "./ladder";
import { ready } from "./layout";
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
type Mounted = { root: Root; store: Player | Editor; element: HTMLElement };

const MOUNTED = Symbol("player");

void ready(); // Graphviz is on its way while the page is still being built

function App() {
  const player = usePlayer();
  const dark = useView((p) => p.view.dark);
  const props = useView((p) => p.props);
  const { height, locale } = props;
  const root = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);

  useEffect(() => listen(around(root.current!), player), [player]);

  useDark(probe, dark, (now) => player.set({ dark: now }));
  useHeight(root, height, props); // what stands above the player may have grown with the page's last run

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
    edit: (value: unknown) => setTriggerValue("edit", value),
    questions: (value: unknown) => setStateValue("questions", value),
    dive: (value: unknown) => setTriggerValue("dive", value),
  };
  const before = place[MOUNTED];
  if (before && before.store instanceof Editor === Boolean(data.edit)) before.store.update(data, tell);
  else {
    if (before) remove(place);
    const element = document.createElement("div");
    element.className = "mount";
    place.appendChild(element);
    const root = createRoot(element);
    const store = data.edit ? new Editor(data, tell) : new Player(data, tell);
    root.render(
      <StrictMode>
        {store instanceof Editor ? (
          <EditorContext.Provider value={store}><EditorApp /></EditorContext.Provider>
        ) : (
          <PlayerContext.Provider value={store}><App /></PlayerContext.Provider>
        )}
      </StrictMode>,
    );
    place[MOUNTED] = { root, store, element };
  }
  return () => remove(place);
}

function remove(place: HTMLElement & { [MOUNTED]?: Mounted }): void {
  const mounted = place[MOUNTED];
  if (!mounted) return;
  delete place[MOUNTED];
  mounted.store.dispose();
  mounted.root.unmount();
  mounted.element.remove();
}
