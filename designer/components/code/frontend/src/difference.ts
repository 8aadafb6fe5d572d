// What changed between two texts, as few and as small changes as is cheap to find: whole lines first, then within them.

export type Change = { from: number; to: number; insert: string };

const DEEPEST = 40;

/** Changes that make `after` out of `before`, in order, none touching another. */
export function difference(before: string, after: string): Change[] {
  if (before === after) return [];
  const changes: Change[] = [];
  const old = lines(before);
  const young = lines(after);
  compare(old, 0, old.length, young, 0, young.length, 0, (oldFrom, oldTo, youngFrom, youngTo) => {
    const from = start(old, oldFrom, before);
    const to = start(old, oldTo, before);
    const change = trimmed(before, from, to, after.slice(start(young, youngFrom, after), start(young, youngTo, after)));
    if (change) changes.push(change);
  });
  return changes;
}

/** How many characters the difference takes away and brings: which of two texts another was made from. */
export const distance = (changes: Change[]): number => changes.reduce((sum, { from, to, insert }) => sum + to - from + insert.length, 0);

type Line = { text: string; at: number };

function lines(text: string): Line[] {
  const found: Line[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at) + 1 || text.length;
    found.push({ text: text.slice(at, end), at });
    at = end;
  }
  return found;
}

const start = (all: Line[], index: number, text: string): number => (index < all.length ? all[index].at : text.length);

type Told = (oldFrom: number, oldTo: number, youngFrom: number, youngTo: number) => void;

/** Same lines at both ends go; between them, lines that stand once in each text are the posts to divide at. */
function compare(old: Line[], a: number, b: number, young: Line[], c: number, d: number, depth: number, tell: Told): void {
  while (a < b && c < d && old[a].text === young[c].text) a += 1, (c += 1);
  while (a < b && c < d && old[b - 1].text === young[d - 1].text) b -= 1, (d -= 1);
  if (a === b && c === d) return;
  const posts = a < b && c < d && depth < DEEPEST ? common(old, a, b, young, c, d) : [];
  if (!posts.length) return tell(a, b, c, d);
  let i = a;
  let j = c;
  for (const [x, y] of posts) {
    compare(old, i, x, young, j, y, depth + 1, tell);
    i = x + 1;
    j = y + 1;
  }
  compare(old, i, b, young, j, d, depth + 1, tell);
}

/** The longest run of lines that stand exactly once in each part, in the same order in both. */
function common(old: Line[], a: number, b: number, young: Line[], c: number, d: number): [number, number][] {
  const once = new Map<string, { old: number; young: number }>();
  for (let i = a; i < b; i++) {
    const known = once.get(old[i].text);
    once.set(old[i].text, { old: known ? -1 : i, young: -1 });
  }
  for (let j = c; j < d; j++) {
    const known = once.get(young[j].text);
    if (known) known.young = known.young === -1 ? j : -2;
  }
  const pairs: [number, number][] = [];
  for (const { old: i, young: j } of once.values()) if (i >= 0 && j >= 0) pairs.push([i, j]);
  pairs.sort((one, other) => one[0] - other[0]);
  // Patience: piles of pairs, each knowing the top of the pile to its left.
  const tops: number[] = [];
  const left: number[] = [];
  pairs.forEach(([, j], index) => {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tops[middle]][1] < j) low = middle + 1;
      else high = middle;
    }
    left[index] = low ? tops[low - 1] : -1;
    tops[low] = index;
  });
  const chain: [number, number][] = [];
  for (let index = tops.length ? tops[tops.length - 1] : -1; index >= 0; index = left[index]) chain.push(pairs[index]);
  return chain.reverse();
}

/** A change without what is the same at its ends, and never through the middle of a surrogate pair. */
function trimmed(text: string, from: number, to: number, insert: string): Change | null {
  let head = 0;
  const least = Math.min(to - from, insert.length);
  while (head < least && text[from + head] === insert[head]) head += 1;
  let tail = 0;
  while (tail < least - head && text[to - 1 - tail] === insert[insert.length - 1 - tail]) tail += 1;
  if (head && /[\ud800-\udbff]/.test(text[from + head - 1])) head -= 1;
  if (tail && /[\udc00-\udfff]/.test(text[to - tail])) tail -= 1;
  if (from + head === to - tail && head === insert.length - tail) return null;
  return { from: from + head, to: to - tail, insert: insert.slice(head, insert.length - tail) };
}
