// What came of a call: words, and what it was. What is empty, or only blanks, or not chosen, is told at its place in the page's own
// words. Nothing is chosen beforehand: it is the informer who says it.

import { part } from "./state.js";

/**
 * Let the form be sent only when it is whole, and tell what is not.
 *
 * @param {HTMLElement} main
 */
export function wantOutcome(main) {
  const form = /** @type {HTMLFormElement} */ (main.querySelector("#wrap-up"));
  const words = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const kinds = /** @type {HTMLFieldSetElement} */ (form.querySelector("fieldset"));
  const fault = part(form, "outcome-fault", HTMLElement);
  const tellWords = teller(words, fault, "outcome-hint");
  const tellKind = teller(kinds, part(form, "kind-fault", HTMLElement), "kinds-withheld");
  words.addEventListener("input", () => {
    const written = words.value.trim() !== "";
    words.setCustomValidity(written ? "" : fault.innerText || "-");
    if (written) tellWords(false);
  });
  kinds.addEventListener("change", () => tellKind(false));
  // it does not bubble; and the browser's own bubble would speak the browser's language
  form.addEventListener("invalid", (event) => {
    event.preventDefault();
    (event.target === words ? tellWords : tellKind)(true);
    firstWrong(form)?.focus();
  }, { capture: true });
  form.addEventListener("reset", () => [tellWords, tellKind].forEach((tell) => tell(false)));
}

/**
 * @param {HTMLElement} about
 * @param {HTMLElement} fault
 * @param {string} always what describes it also when nothing is wrong
 * @returns {(wrong: boolean) => void}
 */
function teller(about, fault, always) {
  return (wrong) => {
    fault.hidden = !wrong;
    about.setAttribute("aria-invalid", String(wrong));
    about.setAttribute("aria-describedby", wrong ? `${fault.id} ${always}` : always);
    about.closest(".field")?.classList.toggle("wrong", wrong);
  };
}

/** @param {HTMLFormElement} form */
function firstWrong(form) {
  const wrong = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("textarea:invalid, input:invalid"));
  return [...wrong].find((field) => field.checkVisibility());
}

/**
 * Choose nothing any more.
 *
 * @param {HTMLElement} main
 */
export function chooseNoKind(main) {
  for (const choice of main.querySelectorAll('#wrap-up input[name="kind"]')) {
    /** @type {HTMLInputElement} */ (choice).checked = false;
  }
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
