// Every picture is drawn here, so that no glyph is left to a missing font.

import type { JSX } from "react";
import type { Status } from "./types";

const svg = (children: JSX.Element, size = 16, fill = false) => (
  <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" fill={fill ? "currentColor" : "none"} stroke="currentColor"
    strokeWidth={1.6} strokeLinecap="round" strokeLinejoin="round">
    {children}
  </svg>
);

const KINDS: Record<string, JSX.Element> = {
  Task: <><rect x="2.5" y="3.5" width="11" height="9" rx="2" /><path d="M6 6.5l2.5 1.5L6 9.5" /></>,
  Pass: <path d="M2.5 8h10M9 4.5L12.5 8 9 11.5" />,
  Choice: <path d="M8 1.8L14.2 8 8 14.2 1.8 8z" />,
  Wait: <><circle cx="8" cy="8" r="6" /><path d="M8 4.5V8l2.5 1.8" /></>,
  Succeed: <path d="M3 8.5l3.5 3.5L13 4.5" />,
  Fail: <path d="M4 4l8 8M12 4l-8 8" />,
  Parallel: <path d="M4.5 2.5v11M11.5 2.5v11M8 5v6" />,
  Map: <><path d="M3 6.5a5.2 5.2 0 019.3-1.6M13 9.5a5.2 5.2 0 01-9.3 1.6" /><path d="M12.6 2v3h-3M3.4 14v-3h3" /></>,
  Broken: <><path d="M8 2.2L14.5 13.5H1.5z" /><path d="M8 6.5v3M8 11.6v.1" /></>,
  lambda: <path d="M3.5 13.5L7.6 6.8M5 2.5h1.6l4.8 11h1.8" />,
  dynamodb: <><ellipse cx="8" cy="3.8" rx="5" ry="1.9" /><path d="M3 3.8v8.4c0 1 2.2 1.9 5 1.9s5-.9 5-1.9V3.8M3 8c0 1 2.2 1.9 5 1.9S13 9 13 8" /></>,
  sqs: <><rect x="1.8" y="5" width="3.4" height="6" rx="1" /><rect x="6.3" y="5" width="3.4" height="6" rx="1" /><path d="M11.2 8h3.3M13 6.3L14.7 8 13 9.7" /></>,
  sns: <><path d="M2.5 6.5v3h2.3l5.7 3v-9l-5.7 3z" /><path d="M12.7 6.3a2.4 2.4 0 010 3.4" /></>,
  events: <><circle cx="8" cy="8" r="1.8" /><circle cx="8" cy="2.8" r="1.2" /><circle cx="3.2" cy="11.6" r="1.2" /><circle cx="12.8" cy="11.6" r="1.2" /><path d="M8 4v2.2M6.5 9.2l-2.3 1.7M9.5 9.2l2.3 1.7" /></>,
  s3: <><path d="M2.8 3.5h10.4l-1.3 9.2c-.1.6-1.8 1-3.9 1s-3.8-.4-3.9-1z" /><path d="M2.8 3.5c0-.7 2.3-1.2 5.2-1.2s5.2.5 5.2 1.2" /></>,
  http: <><circle cx="8" cy="8" r="6" /><path d="M2 8h12M8 2c2.3 2 2.3 10 0 12M8 2c-2.3 2-2.3 10 0 12" /></>,
  states: <path d="M2.5 13h3.4V9.4h3.4V5.8h3.4V2.5" />,
  ecs: <><path d="M8 1.8l5.4 3.1v6.2L8 14.2l-5.4-3.1V4.9z" /><path d="M2.6 4.9L8 8l5.4-3.1M8 8v6.2" /></>,
  bedrock: <path d="M8 2l1.5 4.5L14 8l-4.5 1.5L8 14l-1.5-4.5L2 8l4.5-1.5z" />,
  activity: <><circle cx="8" cy="5" r="2.6" /><path d="M2.8 13.8c.5-2.7 2.5-4.2 5.2-4.2s4.7 1.5 5.2 4.2" /></>,
};

const SERVICE: Record<string, string> = {
  eventbridge: "events", scheduler: "Wait", sfn: "states", batch: "ecs", eks: "ecs", ec2: "ecs", glue: "ecs", codebuild: "ecs",
  bedrockruntime: "bedrock", sagemaker: "bedrock", apigateway: "http", sesv2: "sns", ses: "sns", rds: "dynamodb", redshiftdata: "dynamodb",
  athena: "dynamodb",
};

/** The strokes of a picture, 16 by 16. */
export const drawnKind = (type: string, service?: string): JSX.Element =>
  (service ? (KINDS[service] ?? KINDS[SERVICE[service] ?? ""]) : undefined) ?? KINDS[type] ?? KINDS.Task;

export function KindIcon({ type, service, size = 16 }: { type: string; service?: string; size?: number }) {
  return svg(drawnKind(type, service), size);
}

const MARKS: Record<Exclude<Status, "notrun">, JSX.Element> = {
  running: <><path d="M8 3.6a4.4 4.4 0 014.4 4.4" /><path d="M8 12.4A4.4 4.4 0 013.6 8" opacity=".55" /></>,
  retrying: <><path d="M12 6.4A4.4 4.4 0 104 10.6" /><path d="M12.4 3.4v3.2H9.2" /></>,
  waiting: <><path d="M5 3.5h6M5 12.5h6M5.6 3.5c0 3 4.8 3.4 4.8 9M10.4 3.5c0 3-4.8 3.4-4.8 9" /></>,
  succeeded: <path d="M4.4 8.4l2.6 2.6 4.6-5.6" />,
  failed: <path d="M5 5l6 6M11 5l-6 6" />,
  caught: <><path d="M4.6 6.4h4.6a2.6 2.6 0 010 5.2H7" /><path d="M6.8 4L4.4 6.4l2.4 2.4" /></>,
  canceled: <><circle cx="8" cy="8" r="4.2" /><path d="M5.1 10.9l5.8-5.8" /></>,
  timedout: <><circle cx="8" cy="8.6" r="3.8" /><path d="M8 6.6v2l1.3 1M6.6 3h2.8" /></>,
};

export const drawnMark = (status: Exclude<Status, "notrun">): JSX.Element => MARKS[status];

/** The round badge of a status: its own shape beside its colour. */
export function StatusIcon({ status, size = 20 }: { status: Status; size?: number }) {
  if (status === "notrun") return null;
  return (
    <svg className={`badge is-${status}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor"
      strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round">
      <circle className="badge-back" cx="8" cy="8" r="8" stroke="none" />
      {MARKS[status]}
    </svg>
  );
}

const CONTROLS: Record<string, JSX.Element> = {
  first: <><path d="M4 3.5v9" /><path d="M12.5 3.5L6.5 8l6 4.5z" fill="currentColor" /></>,
  back: <path d="M11 3.5L5 8l6 4.5z" fill="currentColor" />,
  play: <path d="M4.5 3l8 5-8 5z" fill="currentColor" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth={2.6} />,
  forward: <path d="M5 3.5L11 8l-6 4.5z" fill="currentColor" />,
  last: <><path d="M3.5 3.5L9.5 8l-6 4.5z" fill="currentColor" /><path d="M12 3.5v9" /></>,
  fit: <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />,
  fitWidth: <path d="M2 2.5v11M14 2.5v11M4.5 8h7M6.3 6L4.3 8l2 2M9.7 6l2 2-2 2" />,
  zoomIn: <path d="M8 3v10M3 8h10" />,
  zoomOut: <path d="M3 8h10" />,
  help: <><circle cx="8" cy="8" r="6.2" /><path d="M6.2 6.4A1.9 1.9 0 018 5c1 0 1.9.7 1.9 1.7 0 1.3-1.9 1.5-1.9 2.6M8 11.3v.1" /></>,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  over: <><path d="M2.5 9.5a5.5 4.5 0 0111 0" /><path d="M13.8 5.6v4h-4" /></>,
  into: <><path d="M8 2.5v8M4.8 7.3L8 10.5l3.2-3.2" /><path d="M4 13.5h8" /></>,
  out: <><path d="M8 13.5v-8M4.8 8.7L8 5.5l3.2 3.2" /><path d="M4 2.5h8" /></>,
  resume: <><path d="M3 3.5L9 8l-6 4.5z" fill="currentColor" /><circle cx="12.6" cy="8" r="1.7" fill="currentColor" /></>,
  copy: <><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 5.5V4A1.5 1.5 0 009 2.5H4A1.5 1.5 0 002.5 4v5A1.5 1.5 0 004 10.5h1.5" /></>,
  done: <path d="M3 8.5l3.5 3.5L13 4.5" />,
  dash: <path d="M4 8h8" />,
  up: <path d="M4 10l4-4 4 4" />,
  down: <path d="M4 6l4 4 4-4" />,
  left: <path d="M10 4L6 8l4 4" />,
  right: <path d="M6 4l4 4-4 4" />,
  retry: <><path d="M12.4 6.2A4.8 4.8 0 103.6 10" /><path d="M12.8 2.8v3.6H9.2" /></>,
  find: <><circle cx="7" cy="7" r="4.3" /><path d="M10.3 10.3l3.4 3.4" /></>,
  turn: <><path d="M3 5.5h9.5M10 3l2.6 2.5L10 8" /><path d="M13 10.5H3.5M6 8L3.4 10.5 6 13" /></>,
  picture: <><rect x="2" y="3" width="12" height="10" rx="1.5" /><path d="M2.5 11l3.5-3.5 3 3 2-2 2.5 2.5" /><circle cx="10.8" cy="6" r=".9" /></>,
  dots: <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth={2.4} />,
  pattern: <><rect x="2.2" y="2.2" width="4.6" height="4.6" rx="1.2" /><rect x="9.2" y="9.2" width="4.6" height="4.6" rx="1.2" /><path d="M6.8 4.5h3a1.7 1.7 0 011.7 1.7v3" /></>,
  is_error: <path d="M4.5 4.5l7 7M11.5 4.5l-7 7" strokeWidth={2.2} />,
  is_warning: <><path d="M8 2.6L14.2 13.2H1.8z" fill="currentColor" /></>,
  is_hint: <circle cx="8" cy="8" r="3.4" fill="currentColor" />,
  empty: <path d="M2.5 13h3.4V9.4h3.4V5.8h3.4V2.5" />,
};

export const Icon = ({ of, size = 16 }: { of: string; size?: number }) => svg(CONTROLS[of], size);
