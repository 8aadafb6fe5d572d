// The rules of a Choice in their order, each with its truth: ✓ holds, ✕ does not, – was never asked.

import type { JSX } from "react";
import { Icon } from "./icons";
import { usePlayer } from "./player";
import type { Run, Visit } from "./run";
import type { Json, StateJson, Truth } from "./types";

export function Rules({ run, visit }: { run: Run; visit: Visit }): JSX.Element | null {
  const { t } = usePlayer().words;
  const state = run.states[visit.node] ?? {};
  const rules = Array.isArray(state.Choices) ? (state.Choices as StateJson[]) : [];
  const decided = visit.moments.map((at) => run.moments[at]).find(([kind]) => kind === "rule");
  if (!decided) return null;
  const held = decided[4] < 0 ? rules.length : Number(run.value(decided[4]));
  const truths = run.trace.truths[String(visit.id)] ?? rules.map((rule, i): Truth => [i < held ? false : i === held ? true : null, short(rule), null, []]);
  return (
    <ol className="rules" aria-label={t("rule")}>
      {truths.map((truth, i) => <Rule key={i} truth={truth} target={target(rules[i])} number={i + 1} />)}
      {typeof state.Default === "string" && (
        <li className={held === rules.length ? "held" : ""}>
          <Mark holds={held === rules.length ? true : null} />
          <code>Default</code>
          <span className="target">{state.Default}</span>
        </li>
      )}
    </ol>
  );
}

function Rule({ truth, target, number }: { truth: Truth; target: string; number?: number }) {
  const { t } = usePlayer().words;
  const [holds, written, seen, parts] = truth;
  return (
    <li className={holds ? "held" : holds === null ? "unasked" : ""}>
      <Mark holds={holds} />
      {number !== undefined && <span className="quiet">{number}</span>}
      <code title={written}>{written}</code>
      {seen !== null && <span className="quiet">{t("rule_saw", { value: seen })}</span>}
      {holds === null && number !== undefined && <span className="quiet">{t("rule_unasked")}</span>}
      {target && <span className="target">{target}</span>}
      {parts.length > 0 && <ol>{parts.map((part, i) => <Rule key={i} truth={part} target="" />)}</ol>}
    </li>
  );
}

function Mark({ holds }: { holds: boolean | null }) {
  const { t } = usePlayer().words;
  const word = t(holds === null ? "rule_unasked" : holds ? "rule_true" : "rule_false");
  return <i className={`truth is-${holds}`} role="img" aria-label={word} title={word}><Icon of={holds === null ? "dash" : holds ? "done" : "close"} size={13} /></i>;
}

const target = (rule: StateJson | undefined): string => (typeof rule?.Next === "string" ? rule.Next : "");

function short(rule: StateJson): string {
  const { Next: _, Comment: __, Assign: ___, Output: ____, ...condition } = rule;
  return typeof condition.Condition === "string" ? condition.Condition : JSON.stringify(condition as Json);
}
