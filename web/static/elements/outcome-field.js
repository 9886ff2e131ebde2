// The field of the outcome: one that is empty, or only blanks, is told at the field in the page's own words.

import { part } from "./state.js";

/**
 * Let the form be sent only with an outcome, and tell why not.
 *
 * @param {HTMLElement} main
 */
export function wantOutcome(main) {
  const form = /** @type {HTMLFormElement} */ (main.querySelector("#wrap-up"));
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const fault = part(form, "outcome-fault", HTMLElement);
  const tell = (/** @type {boolean} */ wrong) => {
    fault.hidden = !wrong;
    field.setAttribute("aria-invalid", String(wrong));
    field.setAttribute("aria-describedby", wrong ? `${fault.id} outcome-hint` : "outcome-hint");
    field.parentElement?.classList.toggle("wrong", wrong);
  };
  field.addEventListener("input", () => {
    const written = field.value.trim() !== "";
    field.setCustomValidity(written ? "" : fault.innerText || "-");
    if (written) tell(false);
  });
  field.addEventListener("invalid", (event) => {
    event.preventDefault(); // the browser's own bubble, in the browser's language
    tell(true);
    field.focus();
  });
  form.addEventListener("reset", () => tell(false));
}

/**
 * Choose beforehand the most that can have come of it; the informer may choose another.
 *
 * @param {HTMLElement} main
 * @param {string} kind represented, helped, informed
 */
export function preferKind(main, kind) {
  const choice = main.querySelector(`#wrap-up input[name="kind"][value="${CSS.escape(kind)}"]`);
  if (choice instanceof HTMLInputElement) choice.checked = true;
}

/**
 * The outcome that is chosen now; empty while none is.
 *
 * @param {HTMLElement} main
 */
export function chosenKind(main) {
  const choice = main.querySelector('#wrap-up input[name="kind"]:checked');
  return choice instanceof HTMLInputElement ? choice.value : "";
}
