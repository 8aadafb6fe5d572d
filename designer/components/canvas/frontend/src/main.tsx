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
  /** of the element on the page */
  key?: string;
  parentElement: HTMLElement | ShadowRoot;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
};
type Mounted = { root: Root; store: Player | Editor; element: HTMLElement };

const MOUNTED = Symbol("player");
const PARKED_MS = 2000;
/** What was taken off the page a moment ago: Streamlit takes an element away and puts it back when two of its runs are close. */
const parked = new Map<string, { mounted: Mounted; timer: number }>();

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
      {run && moved && `${t("step")} ${number(step + 1)} ${t("of")} ${number(run.steps.length)}: ${announcement(run, run.steps[step], t)}`}
    </div>
  );
}

export default function mount({ data, key, parentElement, setStateValue, setTriggerValue }: Host): () => void {
  const place = parentElement as HTMLElement & { [MOUNTED]?: Mounted };
  const tell = {
    cursor: (value: unknown) => setStateValue("cursor", value),
    select: (value: unknown) => setTriggerValue("select", value),
    ask: (value: unknown) => setTriggerValue("ask", value),
    edit: (value: unknown) => setTriggerValue("edit", value),
    questions: (value: unknown) => setStateValue("questions", value),
    dive: (value: unknown) => setTriggerValue("dive", value),
  };
  const before = place[MOUNTED] ?? adopted(place, key);
  if (before && before.store instanceof Editor === Boolean(data.edit)) before.store.update(data, tell);
  else {
    if (before) end(before);
    const element = document.createElement("div"); // around React's own container, and with it wherever it goes
    const container = element.appendChild(document.createElement("div"));
    element.className = container.className = "mount";
    place.appendChild(element);
    const root = createRoot(container);
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
  return () => park(place, key);
}

/** Off the page, and put aside for a moment with all that the reader had done. */
function park(place: HTMLElement & { [MOUNTED]?: Mounted }, key: string | undefined): void {
  const mounted = place[MOUNTED];
  if (!mounted) return;
  delete place[MOUNTED];
  mounted.element.remove();
  if (!key) return end(mounted);
  const before = parked.get(key);
  if (before) {
    window.clearTimeout(before.timer);
    end(before.mounted);
  }
  const timer = window.setTimeout(() => {
    parked.delete(key);
    end(mounted);
  }, PARKED_MS);
  parked.set(key, { mounted, timer });
}

/** What was put aside under this key, back on the page. */
function adopted(place: HTMLElement & { [MOUNTED]?: Mounted }, key: string | undefined): Mounted | undefined {
  const found = key === undefined ? undefined : parked.get(key);
  if (!found) return undefined;
  parked.delete(key!);
  window.clearTimeout(found.timer);
  place.appendChild(found.mounted.element);
  if (found.mounted.store instanceof Player) found.mounted.store.askAgain();
  place[MOUNTED] = found.mounted;
  return found.mounted;
}

function end(mounted: Mounted): void {
  mounted.store.dispose();
  mounted.root.unmount();
  mounted.element.remove();
}
