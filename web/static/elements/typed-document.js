// What is typed of a document, told right or wrong at its field as soon as it is whole. Never the network.

import { numberFits, wrongInZone } from "./document-digits.js";
import { part, reflect } from "./state.js";
import { word } from "./visual-state.js";

/**
 * Tell it while it is typed; what the form is emptied of is told no more.
 *
 * @param {HTMLElement} scope the part of the page that is about the identification
 */
export function checkWhileTyped(scope) {
  const kind = part(scope, "visual-kind", HTMLSelectElement);
  const number = /** @type {HTMLInputElement} */ (scope.querySelector("#visual-number"));
  const zone = /** @type {HTMLTextAreaElement} */ (scope.querySelector("#visual-zone"));
  const tell = () => {
    const wrong = wrongInZone(zone.value);
    part(scope, "zone-wrong", HTMLElement).textContent = (wrong ?? []).map(word).join(", ");
    reflect(scope, {
      number: told(kind.value === "passport" ? undefined : numberFits(kind.value, number.value)),
      zone: told(wrong && !wrong.length),
    });
  };
  for (const field of [kind, number, zone]) field.addEventListener("input", tell);
  number.form?.addEventListener("reset", () => queueMicrotask(tell));
}

/** @param {boolean | undefined} fits */
function told(fits) {
  if (fits === undefined) return "none";
  return fits ? "good" : "wrong";
}
