// What a name means, where the mouse rests on it: the help of the field, as completion shows it.

import { hoverTooltip } from "@codemirror/view";
import { about } from "./complete";
import { fieldOf, placeAt } from "./place";
import type { Props } from "./types";

const REST_MS = 450;

export const help = (props: () => Props) =>
  hoverTooltip(
    (view, at) => {
      const { vocabulary, language, texts } = props();
      if (!vocabulary) return null;
      const place = placeAt(view.state.doc.toString(), at, language, vocabulary);
      if (place?.role !== "name" || !place.colon) return null;
      const field = fieldOf(vocabulary, place.part, view.state.sliceDoc(place.from, place.to));
      if (!field) return null;
      return {
        pos: place.from,
        end: place.to,
        above: true,
        create: () => {
          const dom = about(field, texts);
          dom.className = "field-help";
          return { dom };
        },
      };
    },
    { hoverTime: REST_MS, hideOnChange: true },
  );
