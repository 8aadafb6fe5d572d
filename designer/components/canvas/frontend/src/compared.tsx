// JSON beside JSON: marks and words where something changed, folded where it did not.

import { useMemo, useState, type JSX } from "react";
import { pairs, printed, type Line, type Mark } from "./json";
import { usePlayer } from "./player";
import type { Json } from "./types";

const SHOWN = 240;
const SIGN: Record<Mark, string> = { same: "", added: "+", removed: "−", changed: "~" };

/** Before and after, aligned. `whole`: one took the place of the other, so single lines are not compared. */
export function Compared({ before, after, captions, whole }: {
  before: Json | undefined; after: Json | undefined; captions: [string, string]; whole: boolean;
}): JSX.Element {
  const { t } = usePlayer().words;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(SHOWN);
  const both = useMemo(() => {
    if (before === undefined || after === undefined || whole) {
      const left = before === undefined ? [] : printed(before, open);
      const right = after === undefined ? [] : printed(after, open);
      return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => ({ left: left[i] ?? null, right: right[i] ?? null }));
    }
    return pairs(before, after, open);
  }, [before, after, whole, open]);
  const unfold = (path: string) => setOpen(new Set([...open, path]));
  return (
    <div className="compared">
      <div className="caption">{t(captions[0])}</div>
      <div className="caption">{t(captions[1])}</div>
      {both.slice(0, limit).map(({ left, right }, i) => (
        <div className="pair" key={i}>
          <LineView line={left} unfold={unfold} />
          {after === undefined && i === 0 ? <div className="line"><span className="code quiet">{t("not_yet")}</span></div> : <LineView line={right} unfold={unfold} />}
        </div>
      ))}
      {both.length > limit && <More left={both.length - limit} onClick={() => setLimit(limit + 4 * SHOWN)} />}
    </div>
  );
}

/** One value alone. */
export function Shown({ value, caption }: { value: Json; caption: string }): JSX.Element {
  const { t } = usePlayer().words;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(SHOWN);
  const lines = useMemo(() => printed(value, open), [value, open]);
  return (
    <div className="shown">
      {caption && <div className="caption">{t(caption)}</div>}
      {lines.slice(0, limit).map((line, i) => (
        <LineView key={i} line={line} unfold={(path) => setOpen(new Set([...open, path]))} />
      ))}
      {lines.length > limit && <More left={lines.length - limit} onClick={() => setLimit(limit + 4 * SHOWN)} />}
    </div>
  );
}

function More({ left, onClick }: { left: number; onClick: () => void }) {
  const { t, number } = usePlayer().words;
  return <button type="button" className="link more" onClick={onClick}>{t("more_lines", { n: number(left) })}</button>;
}

function LineView({ line, unfold }: { line: Line | null; unfold: (path: string) => void }) {
  const { t, count } = usePlayer().words;
  if (!line) return <div className="line none" />;
  const code = (
    <span className="code" style={{ paddingLeft: `${2 * line.indent + 2}ch` }}>
      {line.tokens.map((token, i) => (
        <span key={i} className={`is-${token.is}`}>
          {line.fold && i === line.tokens.length - 1 && `… ${count(token.text.startsWith("]") ? "elements" : "fields", line.inner ?? 0)} `}
          {token.text}
        </span>
      ))}
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
