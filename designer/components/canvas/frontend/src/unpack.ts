// From the tables that Python sends (packing.py, payload.py) to moments, visits and values. What was one object in the engine
// is one object here, so that "did it change?" is mostly a comparison of references.

import { strFromU8, unzlibSync } from "fflate";
import type { Json, Moment, Packed, TraceData, TravelTrace } from "./types";

const known: { id: string; trace: TraceData }[] = [];
const KEPT = 2;

/** The trace of a message; the last ones are kept, because a page sends the same one again and again. */
export function unpack(packed: Packed): TraceData {
  const before = known.find((one) => one.id === packed.id);
  if (before) return before.trace;
  const trace = open(packed.plain ?? (JSON.parse(strFromU8(unzlibSync(bytes(packed.deflated!)))) as TravelTrace));
  known.unshift({ id: packed.id, trace });
  known.length = Math.min(known.length, KEPT);
  return trace;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function open(told: TravelTrace): TraceData {
  const nodes: Json[] = [];
  const read = (written: unknown): Json => (Array.isArray(written) ? nodes[written[0] as number] : (written as Json));
  for (const node of told.nodes) {
    if (typeof node === "string") nodes.push(node);
    else if (node[0] === -1) nodes.push(node.slice(1).map(read));
    else {
      const keys = told.keys[node[0] as number];
      const made: { [key: string]: Json } = {};
      keys.forEach((key, i) => put(made, key, read(node[i + 1])));
      nodes.push(made);
    }
  }
  const { moments, visits } = told;
  const at = summed(moments.at);
  const visit = summed(moments.visit);
  const value = summed(moments.value);
  let event = 0;
  const rows = moments.kind.map((kind, i): Moment => {
    event += moments.event[i];
    return [moments.kinds[kind], at[i], visit[i], moments.names[moments.name[i]], value[i], moments.event[i] ? event : 0];
  });
  const frames = summed(visits.frame);
  return {
    values: told.values.map(read),
    frames: told.frames,
    visits: visits.state.map((state, i) => [frames[i], visits.ids[state]]),
    moments: rows,
    events: told.events.map((type) => told.types[type]),
    truths: told.truths,
    children: told.children,
    context: told.context,
    status: told.status,
    output: told.output,
    error: told.error,
    cause: told.cause,
    startedAt: told.startedAt,
    duration: told.duration,
  };
}

/** `__proto__` is a key like any other. */
function put(made: { [key: string]: Json }, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  else made[key] = value;
}

function summed(steps: number[]): number[] {
  let sum = 0;
  return steps.map((step) => (sum += step));
}
