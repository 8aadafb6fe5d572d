// One text, two places where it changes. Python holds the truth and counts its changes (`rev`); the editor is ahead of it
// by what was typed since. The rules that keep both:
//
// - What was typed is sent when the keys have come to rest, one text at a time, with the `rev` that it was typed upon.
// - A text from Python that is one we know (the last one, or the one under way) changes nothing in the editor.
// - Any other is somebody else's change. It is found by comparing with what it was made from, and brought into the editor
//   around what was typed meanwhile, which goes to Python next, upon the new `rev`.
// - Another text altogether (another workflow, another notation) takes the place of everything, typing upon the old one too.
// - A `rev` older than one seen is ignored. So typing is never overwritten, and neither side loses a change.

import { ChangeSet } from "@codemirror/state";
import { difference, distance } from "./difference";

type Flight = { seq: number; text: string; changes: ChangeSet; at: number };

/** A text that nobody has answered for so long is taken as lost on the way. */
const LOST_MS = 4000;

/** From this share of all characters on, a text is not the old one changed but another; small ones are never. */
const ALTOGETHER = 0.9;
const SMALL = 200;

export class Sync {
  /** what was typed since the text under way, or since Python's */
  private after: ChangeSet;
  private flight: Flight | null = null;
  private refused: string | null = null;

  constructor(
    private base: string,
    public rev: number,
  ) {
    this.after = ChangeSet.empty(base.length);
  }

  /** What was typed. */
  typed(changes: ChangeSet): void {
    this.after = this.after.compose(changes);
  }

  /** From Python's text to the editor's. */
  get ahead(): ChangeSet {
    return this.flight ? this.flight.changes.compose(this.after) : this.after;
  }

  /** Is there anything in the editor that Python has not got? */
  get behind(): boolean {
    return this.flight !== null || !this.after.empty;
  }

  /** The text to send now, if there is one. */
  take(now: string, seq: number, clock: number): string | null {
    if (this.flight && clock - this.flight.at < LOST_MS) return null;
    this.land();
    if (now === this.base) {
      this.after = ChangeSet.empty(now.length);
      return null;
    }
    if (now === this.refused) return null;
    this.flight = { seq, text: now, changes: this.after, at: clock };
    this.after = ChangeSet.empty(now.length);
    this.refused = null;
    return now;
  }

  /** A text from Python: the changes to make in the editor, null when there are none to make. */
  came(text: string, rev: number, taken: number | null): ChangeSet | null {
    if (rev < this.rev) return null;
    this.rev = rev;
    const flight = this.flight;
    if (flight && text === flight.text) {
      this.base = text;
      this.flight = null;
      return null;
    }
    if (text === this.base) {
      if (flight && taken !== null && taken >= flight.seq) {
        this.refused = flight.text;
        this.land();
      }
      return null;
    }
    let changes = difference(this.base, text);
    if (flight) {
      const since = difference(flight.text, text);
      if (distance(since) <= distance(changes)) {
        this.base = flight.text;
        this.flight = null;
        changes = since;
      } else this.land();
    }
    const length = this.after.newLength;
    if (distance(changes) > ALTOGETHER * (this.base.length + text.length) && this.base.length > SMALL) {
      this.base = text;
      this.flight = null;
      this.after = ChangeSet.empty(text.length);
      return ChangeSet.of({ from: 0, to: length, insert: text }, length);
    }
    const theirs = ChangeSet.of(changes, this.base.length);
    const here = theirs.map(this.after);
    this.after = this.after.map(theirs, true);
    this.base = text;
    return here;
  }

  /** The text under way counts as typed only. */
  private land(): void {
    if (!this.flight) return;
    this.after = this.flight.changes.compose(this.after);
    this.flight = null;
  }
}
