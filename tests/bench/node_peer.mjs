// aws-local-stepfunctions, run as `node node_peer.mjs PACKAGE_FOLDER SECONDS` with a workload as JSON on standard input.
// Prints the line that measure.py prints: CPU microseconds per state, or what is wrong.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

// The package asks for a newer Node than some have; this one function is all that it misses.
Promise.withResolvers ??= function () {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

const [folder, seconds] = process.argv.slice(2);
const { StateMachine } = createRequire(`${folder}/`)("aws-local-stepfunctions");
const workload = JSON.parse(readFileSync(0, "utf8"));
const machine = new StateMachine(workload.definition, { validationOptions: { noValidate: true } });
const text = JSON.stringify(workload.input);

async function once() {
  const counts = {};
  const handlers = {};
  for (const [name, replies] of Object.entries(workload.mocks)) {
    handlers[name] = async () => {
      const count = counts[name] ?? 0;
      counts[name] = count + 1;
      const reply = replies[Math.min(count, replies.length - 1)];
      if ("error" in reply) throw Object.assign(new Error(reply.cause), { name: reply.error });
      return reply.return;
    };
  }
  return machine.run(JSON.parse(text), { overrides: { taskResourceLocalHandlers: handlers } }).result;
}

const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };
const answer = { peer: "aws-local-stepfunctions", workload: workload.name };
try {
  const start = performance.now();
  const output = await once();
  if (!isDeepStrictEqual(output, workload.expected)) {
    answer.wrong = `gave ${JSON.stringify(output)?.slice(0, 120)}`;
  } else {
    const times = [];
    while (!times.length || (times.length < 200 && performance.now() - start < 1000 * seconds)) {
      const began = cpu();
      await once();
      times.push(cpu() - began);
    }
    times.sort((a, b) => a - b);
    answer.us = times[times.length >> 1] / workload.states;
    answer.runs = times.length;
  }
} catch (error) {
  answer.wrong = `${error.name}: ${error.message}`.slice(0, 160);
}
console.log(JSON.stringify(answer));
process.exit(0);
