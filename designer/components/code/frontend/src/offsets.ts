// Python counts code points and keeps a text's own line ends; the editor counts UTF-16 units, and one for any line end.

export type Ruler = { toEditor(offset: number): number; fromEditor(offset: number): number };

const SAME: Ruler = { toEditor: (offset) => offset, fromEditor: (offset) => offset };
const UNEVEN = /[\ud800-\udbff][\udc00-\udfff]|\r\n/g;

/** Translates places of one text. Most texts need no translation. */
export function ruler(text: string): Ruler {
  // Behind each uneven piece: where Python is, and where the editor is.
  const python: number[] = [];
  const editor: number[] = [];
  let lost = 0;
  let gained = 0;
  for (const { index, 0: piece } of text.matchAll(UNEVEN)) {
    if (piece === "\r\n") lost += 1;
    else gained += 1;
    const behind = index + 2;
    python.push(behind - gained);
    editor.push(behind - lost);
  }
  if (!python.length) return SAME;
  const moved = (offset: number, from: number[], to: number[]) => {
    let low = 0;
    let high = from.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (from[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low ? to[low - 1] + (offset - from[low - 1]) : offset;
  };
  return { toEditor: (offset) => moved(offset, python, editor), fromEditor: (offset) => moved(offset, editor, python) };
}

/** The text as the editor holds it. */
export const even = (text: string): string => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);

/** What stands in the editor, with the line ends that the text before it had wherever nothing was changed. */
export function uneven(before: string, now: string): string {
  if (!before.includes("\r")) return now;
  const known = even(before);
  if (known === now) return before;
  const usual = (before.match(/\r\n/g)?.length ?? 0) * 2 > (before.match(/\r\n?|\n/g)?.length ?? 0) ? "\r\n" : "\n";
  let start = 0;
  const least = Math.min(known.length, now.length);
  while (start < least && known[start] === now[start]) start += 1;
  let tail = 0;
  while (tail < least - start && known[known.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return (
    before.slice(0, raw(before, start)) +
    now.slice(start, now.length - tail).replaceAll("\n", usual) +
    before.slice(raw(before, known.length - tail))
  );
}

/** Where a place of the evened text stands in the text as it was. */
function raw(text: string, offset: number): number {
  let pairs = 0;
  for (const { index } of text.matchAll(/\r\n/g)) {
    if (index - pairs >= offset) break;
    pairs += 1;
  }
  return offset + pairs;
}
