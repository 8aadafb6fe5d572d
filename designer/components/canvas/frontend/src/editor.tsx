// The canvas as a place to draw: palette, drawing or outline, menus, keys.

import { useEffect, useRef, type JSX } from "react";
import { Menus } from "./actions";
import { Board } from "./board";
import { listenToKeys } from "./editkeys";
import { useEdit, useEditor, type Editor } from "./editing";
import { EditOutline } from "./editoutline";
import { Finder } from "./finder";
import { around, useDark, useHeight } from "./frame";
import { isState } from "./graph";
import { Ghost, Palette } from "./palette";
import type { Pictured } from "./picture";
import { coloursOf, Pictures } from "./pictures";
import { Tool } from "./tool";

export function EditorApp(): JSX.Element {
  const editor = useEditor();
  const { t } = editor.words;
  const dark = useEdit((e) => e.view.dark);
  const props = useEdit((e) => e.props);
  const carrying = useEdit((e) => e.view.load !== null || e.view.link !== null);
  const root = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    editor.root = root.current;
    return listenToKeys(around(root.current!), editor);
  }, [editor]);
  useDark(probe, dark, (now) => editor.set({ dark: now }));
  useHeight(root, props.height, props);
  return (
    <div className={`paso editor${carrying ? " carrying" : ""}`} ref={root} tabIndex={-1} data-mode={dark ? "dark" : "light"} data-rev={props.edit!.rev} role="group" aria-label={t("canvas")}>
      <span className="probe" ref={probe} />
      <div className="panes" key={props.locale}>
        <Palette />
        <Pane />
      </div>
      <Help key={`help-${props.locale}`} />
      <Menus />
      <Ghost />
      <Announcer />
    </div>
  );
}

function Pane(): JSX.Element {
  const editor = useEditor();
  const { t, count } = editor.words;
  const outline = useEdit((e) => e.view.outline);
  const across = useEdit((e) => e.view.across);
  const states = useEdit((e) => e.props.graph.nodes.filter(isState).length);
  const hasRun = useEdit((e) => e.run !== null);
  return (
    <section className="card graph" aria-label={t("canvas")}>
      <header className="bar">
        <b>{t("canvas")}</b>
        <span className="quiet">{states > 0 && `${count("states", states)} · ${t("canvas_hint")}`}</span>
        <span className="tools">
          <span className="switch" role="group">
            <button type="button" aria-pressed={!outline} onClick={() => editor.set({ outline: false })}>{t("graph")}</button>
            <button type="button" aria-pressed={outline} onClick={() => editor.set({ outline: true })}>{t("outline")}</button>
          </span>
          <Tool icon="find" label={t("find_state")} keys="/" onClick={() => editor.set({ seeking: { for: "find" } })} />
          {!outline && (
            <>
              <Tool icon="turn" label={t(across ? "lay_down" : "lay_across")} keys="L" onClick={() => editor.set({ across: !across })} />
              <span className="roomy">
                <Tool icon="zoomOut" label={t("zoom_out")} keys="−" onClick={() => editor.camera?.zoom(-1)} />
                <Tool icon="zoomIn" label={t("zoom_in")} keys="+" onClick={() => editor.camera?.zoom(1)} />
                <Tool icon="fitWidth" label={t("fit_width")} onClick={() => editor.camera?.fitWidth()} />
              </span>
              <Tool icon="fit" label={t("fit")} keys="0" onClick={() => editor.camera?.fit()} />
              <Pictures t={t} hasRun={hasRun} draw={(withRun) => pictured(editor, withRun)} />
            </>
          )}
          <Tool icon="help" label={t("keys")} keys="?" onClick={() => editor.set({ help: true })} />
        </span>
      </header>
      <div className="pane">
        {outline ? <EditOutline /> : <Board />}
        <Finder />
      </div>
    </section>
  );
}

function pictured(editor: Editor, withRun: boolean): Pictured | null {
  const { run, layout, shown, root } = editor;
  if (!layout || !root) return null;
  const last = run ? run.moments.length - 1 : 0;
  return {
    ...shown, layout, colour: coloursOf(root), t: editor.words.t,
    status: withRun && run ? (node) => run.statusOf(node, last).status : null,
    taken: (edge) => run?.taken.has(edge) ?? false,
  };
}

const KEYS: [string[], string][] = [
  [["↓", "↑", "←", "→"], "key_walk"], [["⇧"], "key_more"], [["Ctrl+A"], "do_all"], [["/", "Ctrl+F"], "find_state"], [["I"], "do_insert"],
  [["C", "⇧C"], "key_connect"], [["F2", "Enter"], "do_rename"], [["Ctrl+D"], "do_duplicate"], [["Del"], "do_remove"],
  [["Ctrl+C", "X", "V"], "key_clipboard"], [["W", "M"], "key_wrap"], [["U"], "do_lift"], [["X"], "key_fold"],
  [["Ctrl+Z", "Ctrl+Y"], "key_undo"], [["Alt+C"], "key_centre"], [["+", "−", "0"], "key_zoom"], [["L"], "key_turn"], [["G"], "key_outline"],
  [["Esc"], "key_let_go"], [["?"], "key_help"],
];

function Help(): JSX.Element | null {
  const editor = useEditor();
  const { t } = editor.words;
  const open = useEdit((e) => e.view.help);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) box.current?.focus();
  }, [open]);
  if (!open) return null;
  const shut = () => {
    editor.set({ help: false });
    editor.focus();
  };
  return (
    <div className="veil" onClick={shut}>
      <div className="help wide" role="dialog" aria-modal="true" aria-label={t("keys")} tabIndex={-1} ref={box} onClick={(event) => event.stopPropagation()}>
        <header className="bar"><b>{t("keys")}</b><span className="tools"><Tool icon="close" label={t("close")} onClick={shut} /></span></header>
        <dl>
          {KEYS.map(([keys, text]) => (
            <div key={text}><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{t(text)}</dd></div>
          ))}
        </dl>
      </div>
    </div>
  );
}

function Announcer(): JSX.Element {
  const said = useEdit((e) => e.view.said);
  return <div className="sr" aria-live="polite" role="status">{said}</div>;
}
