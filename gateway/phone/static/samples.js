/** The sample films one may try. Knows their list; must not know how they are sent. */

/** @import { Sample } from "../types.js" */

import { file, samples } from "./api.js";
import { openSheet, toast } from "./dialogs.js";
import { byId, element } from "./elements.js";
import { language, t } from "./strings.js";

const dialog = byId("samples");

/**
 * Show the sample films.
 *
 * @param {(film: File, caption: string) => void} onChosen Receives the one that was tapped.
 */
export async function offerSamples(onChosen) {
  const films = await samples(language).catch(() => null);
  if (films === null) {
    toast(t("sampleFailed"));
    return;
  }
  byId("sample-list").replaceChildren(...films.map((film) => row(film, onChosen)));
  openSheet(dialog);
}

/** @param {Sample} film @param {(film: File, caption: string) => void} onChosen */
function row(film, onChosen) {
  const picture = element("img", {
    src: film.url,
    alt: "",
    loading: "lazy",
    width: "72",
    height: "72",
  });
  const words = element(
    "span",
    {},
    element("b", {}, film.title),
    element("small", {}, film.caption),
  );
  const choose = async () => {
    const blob = await file(film.url).catch(() => null);
    if (blob === null) {
      toast(t("sampleFailed"));
      return;
    }
    dialog.close();
    onChosen(new File([blob], `${film.name}.jpg`, { type: blob.type }), film.caption);
  };
  return element("li", {}, element("button", { type: "button", onclick: choose }, picture, words));
}
