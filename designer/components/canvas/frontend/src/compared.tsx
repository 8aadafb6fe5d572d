// JSON beside JSON: marks and words where something changed, folded where it did not. Every value can be asked about.

import { useMemo, useState, type JSX, type KeyboardEvent } from "react";
import { pairs, printed, read, type Line, type Mark, type Token } from "./json";
import { usePlayer, useView } from "./player";
import type { Origin } from "./rows";
import type { Json } from "./types";

const SHOWN = 240;
const SIGN: Record<Mark, string> = { same: "", added: "+", removed: "−", changed: "~" };

type Side = { value: Json | undefined; from: Origin | null };

/** Before and after, aligned. `whole`: one took the place of the other, so single lines are not compared. */
export function Compared({ before, after, captions, from, whole }: {
  before: Json | undefined; after: Json | undefined; captions: [string, string]; from: [Origin | null, Origin | null]; whole: boolean;
}): JSX.Element {
  const { t } = usePlayer().words;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(SHOWN);
  const apart = before === undefined || after === undefined || whole;
  const both = useMemo(() => (apart ? [] : pairs(before, after, open)), [before, after, apart, open]);
  const unfold = (path: string) => setOpen(new Set([...open, path]));
  const left = { value: before, from: from[0] };
  const right = { value: after, from: from[1] };
  if (apart) {
    return (
      <div className="compared apart">
        <Alone side={left} caption={captions[0]} />
        {after === undefined ? <div className="shown"><div className="caption">{t(captions[1])}</div><p className="quiet">{t("not_yet")}</p></div>
          : <Alone side={right} caption={captions[1]} />}
      </div>
    );
  }
  return (
    <div className="compared" onKeyDown={walk}>
      <div className="caption">{t(captions[0])}</div>
      <div className="caption">{t(captions[1])}</div>
      {both.slice(0, limit).map(({ left: one, right: other }, i) => (
        <div className="pair" key={i}>
          <LineView line={one} side={left} unfold={unfold} entry={i === 0} />
          <LineView line={other} side={right} unfold={unfold} entry={i === 0} />
        </div>
      ))}
      {both.length > limit && <More left={both.length - limit} onClick={() => setLimit(limit + 4 * SHOWN)} />}
    </div>
  );
}

/** One value alone. */
export function Shown({ value, caption, from = null }: { value: Json; caption: string; from?: Origin | null }): JSX.Element {
  return <Alone side={{ value, from }} caption={caption} />;
}

function Alone({ side, caption }: { side: Side; caption: string }) {
  const { t } = usePlayer().words;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(SHOWN);
  const lines = useMemo(() => (side.value === undefined ? [] : printed(side.value, open)), [side.value, open]);
  return (
    <div className="shown" onKeyDown={walk}>
      {caption && <div className="caption">{t(caption)}</div>}
      {lines.slice(0, limit).map((line, i) => (
        <LineView key={i} line={line} side={side} unfold={(path) => setOpen(new Set([...open, path]))} entry={i === 0} />
      ))}
      {lines.length > limit && <More left={lines.length - limit} onClick={() => setLimit(limit + 4 * SHOWN)} />}
    </div>
  );
}

/** Up and down from value to value, once one of them has the focus. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const values = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-value]")];
  const root = event.currentTarget.getRootNode() as ShadowRoot | Document;
  const at = values.indexOf(root.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  values[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), values.length - 1)]?.focus();
}

function More({ left, onClick }: { left: number; onClick: () => void }) {
  const { t, number } = usePlayer().words;
  return <button type="button" className="link more" onClick={onClick}>{t("more_lines", { n: number(left) })}</button>;
}

function LineView({ line, side, unfold, entry }: { line: Line | null; side: Side; unfold: (path: string) => void; entry: boolean }) {
  const { t, count } = usePlayer().words;
  if (!line) return <div className="line none" />;
  const reached = line.tokens.findIndex((token) => token.at);
  const closing = line.fold ? line.tokens.findLastIndex((token) => /^[}\]]/.test(token.text)) : -1;
  const code = (
    <span className="code" style={{ paddingLeft: `${2 * line.indent + 2}ch` }}>
      {line.tokens.map((token, i) =>
        token.at && side.from && !line.fold ? <Value key={i} token={token} side={side} entry={entry && i === reached} /> : (
          <span key={i} className={`is-${token.is}`}>
            {i === closing && `… ${count(token.text.startsWith("]") ? "elements" : "fields", line.inner ?? 0)} `}
            {token.text}
          </span>
        ),
      )}
    </span>
  );
  return (
    <div className={`line is-${line.mark}`}>
      <span className="sign" aria-hidden="true">{SIGN[line.mark]}</span>
      {line.mark !== "same" && <span className="sr">{t(`line_${line.mark}`)}</span>}
      {line.fold ? <button type="button" className="fold" aria-expanded="false" onClick={() => unfold(line.fold!)}>{code}</button> : code}
    </div>
  );
}

/** A key or a value that can be clicked: it shows its paths and where it came from. */
function Value({ token, side, entry }: { token: Token; side: Side; entry: boolean }) {
  const player = usePlayer();
  const path = token.at!;
  const chosen = useView((p) => {
    const pointed = p.view.pointed;
    return pointed !== null && pointed.origin.moment === side.from!.moment && pointed.origin.roots === side.from!.roots &&
      pointed.path.length === path.length && pointed.path.every((step, i) => step === path[i]);
  });
  const ask = () => player.point(side.from!, path, read(side.value, path) ?? null);
  return (
    <span className={`is-${token.is} value${chosen && token.is !== "key" ? " chosen" : ""}`} data-value role="button" tabIndex={entry ? 0 : -1}
      aria-pressed={chosen} onClick={ask}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        ask();
      }}>
      {token.text}
    </span>
  );
}
