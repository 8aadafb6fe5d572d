// The list of keys, over the player until it is closed.

import { useEffect, useRef } from "react";
import { usePlayer, useView } from "./player";
import { Tool } from "./tool";

export function Help() {
  const player = usePlayer();
  const { t } = player.words;
  const open = useView((p) => p.view.help);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) box.current?.focus();
  }, [open]);
  if (!open) return null;
  const rows: [string[], string][] = [
    [["←", "→"], "key_step"], [["n", "p"], "key_state"], [["i", "o"], "key_into"], [["Home", "End"], "key_ends"], [[t("key_space")], "key_play"],
    [["+", "−", "0"], "key_zoom"], [["b"], "key_break"], [["B"], "key_breaks"], [["⇧→", "⇧←"], "key_resume"], [["g"], "key_outline"], [["Esc"], "key_escape"], [["?"], "key_help"],
  ];
  return (
    <div className="veil" onClick={() => player.set({ help: false })}>
      <div className="help" role="dialog" aria-modal="true" aria-label={t("keys")} tabIndex={-1} ref={box} onClick={(event) => event.stopPropagation()}>
        <header className="bar"><b>{t("keys")}</b><span className="tools"><Tool icon="close" label={t("close")} onClick={() => player.set({ help: false })} /></span></header>
        <dl>
          {rows.map(([keys, text]) => (
            <div key={text}><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{t(text)}</dd></div>
          ))}
        </dl>
      </div>
    </div>
  );
}
