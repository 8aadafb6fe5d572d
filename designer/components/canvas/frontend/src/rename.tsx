// A name is changed where it stands: Enter keeps it, Escape drops it, and so does leaving it as it was.

import { useEffect, useRef, type JSX } from "react";
import { useEditor } from "./editing";

export function Rename({ node }: { node: string }): JSX.Element {
  const editor = useEditor();
  const field = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const end = (keep: boolean, back: boolean) => {
    if (over.current) return;
    over.current = true;
    if (keep) editor.rename(node, field.current!.value);
    else editor.set({ renaming: null });
    if (back) editor.focus();
  };
  return (
    <input className="rename nopan nodrag" ref={field} defaultValue={editor.name(node)} aria-label={editor.words.t("new_name")} spellCheck={false}
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={() => end(true, false)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") end(true, true);
        else if (event.key === "Escape") end(false, true);
      }} />
  );
}
