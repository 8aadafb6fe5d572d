// The door: Streamlit calls this on mount and on every change of data, with the same element.

import "./style.css";
import { Frame } from "./frame";
import type { Props, Tell } from "./types";

type Host = {
  data: Props;
  parentElement: HTMLElement | ShadowRoot;
  setTriggerValue(name: string, value: unknown): void;
};

const MOUNTED = Symbol("code");

export default function mount({ data, parentElement, setTriggerValue }: Host): () => void {
  const place = parentElement as HTMLElement & { [MOUNTED]?: Frame };
  const tell: Tell = (name, value) => setTriggerValue(name, value);
  const before = place[MOUNTED];
  if (before) before.update(data, tell);
  else place[MOUNTED] = new Frame(data, tell, place);
  return () => {
    place[MOUNTED]?.dispose();
    delete place[MOUNTED];
  };
}
