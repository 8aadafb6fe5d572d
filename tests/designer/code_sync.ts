// Plays the editor and Python against each other, with answers that come late, in heaps or never: whatever both sides wrote
// must end up in both texts. Run by test_code.py; prints "all kept", or what was lost and ends with 1.

import { ChangeSet, Text } from "@codemirror/state";
import { difference, type Change } from "../../designer/components/code/frontend/src/difference";
import { even, ruler, uneven } from "../../designer/components/code/frontend/src/offsets";
import { Sync } from "../../designer/components/code/frontend/src/sync";

let seed = 1;
const below = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
const PIECES = ["a\n", "bb\n", "\n", "{\n", "}\n", "x", "😀\n", "key: v\n"];
const some = (n: number): string => Array.from({ length: below(n) }, () => PIECES[below(PIECES.length)]).join("");
const ROUNDS = 2000;

function must(holds: boolean, what: string): void {
  if (holds) return;
  console.log(what);
  throw new Error(what);
}

function applied(text: string, changes: Change[]): string {
  let made = "";
  let at = 0;
  for (const { from, to, insert } of changes) {
    must(from >= at, "changes overlap");
    made += text.slice(at, from) + insert;
    at = to;
  }
  return made + text.slice(at);
}

const changed = (text: string, changes: ChangeSet): string => changes.apply(Text.of(text.split("\n"))).toString();

/** The server, the way there, the way back, and the editor. */
function round(number: number): void {
  let server = "one\ntwo\nthree\nfour\n";
  let editor = server;
  let rev = 0;
  let seq = 0;
  let clock = 0;
  const sync = new Sync(server, 0);
  const there: { text: string; rev: number; seq: number }[] = [];
  const back: { text: string; rev: number; taken: number | null }[] = [];
  const tokens: string[] = [];
  const token = (who: string): string => {
    const made = `<${who}${tokens.length}>`;
    tokens.push(made);
    return made;
  };
  const moves = {
    type() {
      let at = below(editor.length + 1);
      while (/<[^>]*$/.test(editor.slice(0, at))) at += 1;
      const changes = ChangeSet.of({ from: at, insert: token("typed") }, editor.length);
      sync.typed(changes);
      editor = changed(editor, changes);
    },
    edit() {
      const at = server.indexOf("\n", below(server.length)) + 1;
      server = `${server.slice(0, at)}${token("edited")}\n${server.slice(at)}`;
      rev += 1;
      back.push({ text: server, rev, taken: null });
    },
    send() {
      const text = sync.take(editor, seq + 1, clock);
      if (text !== null) there.push({ text, rev: sync.rev, seq: (seq += 1) });
    },
    serve() {
      const event = there.shift();
      if (!event) return;
      if (event.rev >= rev) [server, rev] = [event.text, rev + 1];
      back.push({ text: server, rev, taken: event.seq });
    },
    receive() {
      const data = back.shift();
      const changes = data && sync.came(data.text, data.rev, data.taken);
      if (changes) editor = changed(editor, changes);
    },
    lose() {
      if (back.length > 1) back.shift();
    },
  };
  const all = Object.values(moves);
  for (let step = 0; step < 60; step++) {
    clock += 100;
    all[below(all.length)]();
  }
  for (let step = 0; step < 60; step++) {
    clock += 1000;
    for (const move of [moves.send, moves.serve, moves.receive]) move();
    while (there.length) moves.serve();
    while (back.length) moves.receive();
  }
  must(editor === server, `round ${number}: the texts differ\n${editor}\n--\n${server}`);
  for (const each of tokens) must(server.includes(each), `round ${number}: ${each} is lost\n${server}`);
}

for (let number = 0; number < ROUNDS; number++) {
  const before = some(20);
  const after = below(2) ? some(20) : before.slice(0, below(before.length + 1)) + some(4) + before.slice(below(before.length + 1));
  must(applied(before, difference(before, after)) === after, `a difference does not make the text: ${JSON.stringify([before, after])}`);
}
for (let number = 0; number < ROUNDS; number++) {
  const raw = some(12).replaceAll("\n", () => ["\n", "\r\n", "\r\n"][below(3)]);
  const text = even(raw);
  const at = ruler(raw);
  for (let place = 0; place <= text.length; place++)
    must(at.toEditor(at.fromEditor(place)) === place || /[\udc00-\udfff]/.test(text[place]), `place ${place} of ${JSON.stringify(raw)}`);
  must(at.toEditor([...raw].length) === text.length, `the end of ${JSON.stringify(raw)}`);
  must(uneven(raw, text) === raw && even(uneven(raw, `${text}z\n`)) === `${text}z\n`, `line ends of ${JSON.stringify(raw)}`);
}
for (let number = 0; number < ROUNDS; number++) round(number);

const other = new Sync("one line like the others\n".repeat(20), 3);
other.typed(ChangeSet.of({ from: 4, insert: "typed upon the first text " }, 500));
const fresh = "something else: 1\n".repeat(30);
must(changed("x".repeat(526), other.came(fresh, 4, null)!) === fresh && !other.behind, "another text altogether is not mixed with what was typed upon the first");
console.log("all kept");
