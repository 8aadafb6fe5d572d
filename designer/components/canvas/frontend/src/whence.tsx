// Below the open stage: the paths of the value that was clicked, to copy, and the way it came, each step a button that goes there.

import { useState, type JSX } from "react";
import { Icon } from "./icons";
import { jsonata, jsonPath } from "./json";
import { usePlayer, useView, type Pointed } from "./player";
import type { Answer, Json, Link } from "./types";

export function Whence(): JSX.Element | null {
  const player = usePlayer();
  const { t } = player.words;
  const pointed = useView((p) => p.view.pointed);
  const answer = useView((p) => p.view.answer);
  const asks = useView((p) => p.props.reports.ask);
  if (!pointed) return null;
  const [path, expression] = written(pointed);
  return (
    <div className="whence" role="region" aria-label={t("where_from")}>
      <p>
        <code className="chip">{path}</code>
        <Copy text={path} label="JSONPath" />
        <Copy text={expression} label="JSONata" />
        <Copy text={JSON.stringify(pointed.value, null, 2)} label={t("value")} />
      </p>
      {asks && (answer ? <Way answer={answer} /> : pointed.origin.moment >= 0 && <p className="quiet">{t("where_from")} …</p>)}
    </div>
  );
}

/** As the fields of this place would write it. */
function written({ origin, path }: Pointed): [string, string] {
  if (origin.variables === undefined) return [jsonPath(origin.roots[0], path), jsonata(origin.roots[1], path)];
  const [name, ...rest] = path;
  const root = `$${name ?? ""}`;
  return [jsonPath(root, rest), jsonata(root, rest)];
}

function Way({ answer }: { answer: Answer }) {
  const { t } = usePlayer().words;
  return (
    <>
      <p>
        <b>{t("where_from")}</b>
        {answer.steps.map((link, i) => <Step key={i} link={link} last={i === answer.steps.length - 1} origin={answer.origin} />)}
      </p>
      {!answer.exact && <p className="quiet">{t("inexact")}</p>}
      {answer.sources.map((links, i) => (
        <p key={i} className="source">
          <span className="quiet">{t("it_read")}</span>
          {links.map((link, j) => <Step key={j} link={link} last={false} origin="" />)}
        </p>
      ))}
    </>
  );
}

function Step({ link, last, origin }: { link: Link; last: boolean; origin: string }) {
  const player = usePlayer();
  const { t, count } = player.words;
  const state = link.node === null ? null : link.node.slice(link.node.lastIndexOf("/States/") + 8);
  const passed = link.through.length - 1;
  const made = last && origin in ORIGINS ? t(ORIGINS[origin]) : null;
  const field = HANDED.has(link.field) ? "" : link.field;
  return (
    <span className="link-step">
      <span className="arrow"><Icon of="back" size={9} /></span>
      {passed > 1 && <span className="quiet">{count("through", passed)}</span>}
      <button type="button" title={link.expression === null ? undefined : expression(link.expression)} onClick={() => player.goMoment(link.moment)}>
        {made && <span>{made}</span>}
        {field && made === null && <span>{field}</span>}
        <code>{link.path}</code>
        {state && <b>{state}</b>}
      </button>
    </span>
  );
}

const HANDED = new Set(["Exit", "Next", "StartAt", "Input"]);
const ORIGINS: Record<string, string> = {
  input: "from_input", result: "made_result", literal: "made_literal", error: "made_error", context: "made_context",
  function: "made_function", expression: "made_expression", join: "made_join", unknown: "made_unknown",
};
const expression = (of: Json): string => (typeof of === "string" ? of : JSON.stringify(of));

function Copy({ text, label }: { text: string; label: string }) {
  const { t } = usePlayer().words;
  const [done, setDone] = useState(false);
  const copy = () =>
    copied(text).then((worked) => {
      setDone(worked);
      window.setTimeout(() => setDone(false), 1500);
    });
  return (
    <button type="button" className="copy" title={text.length > 400 ? undefined : text} aria-label={t("copy_what", { what: label })} onClick={() => void copy()}>
      <Icon of={done ? "done" : "copy"} size={13} /> {label}
    </button>
  );
}

/** By the clipboard's own door, which opens only on a safe address; else by the old way through a selected text. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    box.style.position = "fixed";
    document.body.appendChild(box);
    box.select();
    const worked = document.execCommand("copy");
    box.remove();
    return worked;
  }
}
