// A refusal of what a form said, told at the field that it is about. Never the network.

import { sentenceOf } from "./actions.js";

/**
 * Tell it at the last of the form's fields that has a place for it (`data-fault` has its id), which gets the focus; or take
 * what was told off all of them.
 *
 * @param {HTMLElement} main where the sentences are
 * @param {HTMLElement} form
 * @param {string} code empty when all went well
 * @returns {boolean} whether the form is shown and has a place for it
 */
export function tellAtField(main, form, code) {
  const faults = faultsIn(form);
  const last = faults.at(-1);
  if (!last || !form.checkVisibility()) return false;
  for (const fault of faults) tell(main, fault, "");
  if (code) tell(main, last, code)?.focus();
  return true;
}

/**
 * What was told goes when the form is typed in again, or emptied; a field that is empty is told in the page's words, for
 * the browser's own would be in the browser's language.
 *
 * @param {HTMLElement} main
 * @param {HTMLElement} scope whose forms they are
 */
export function followFaults(main, scope) {
  for (const name of ["input", "reset"]) {
    scope.addEventListener(name, ({ target }) => {
      const form = target instanceof Element ? target.closest("form") : null;
      if (form) tellAtField(main, form, "");
    });
  }
  scope.addEventListener("invalid", (event) => {
    const field = /** @type {HTMLElement} */ (event.target);
    const fault = faultsIn(scope).find(({ dataset }) => dataset["fault"] === field.id);
    if (!fault) return;
    event.preventDefault();
    tell(main, fault, "field_empty");
    const first = field.closest("form")?.querySelector(":invalid");
    if (first instanceof HTMLElement) first.focus();
  }, { capture: true });
}

/**
 * @param {HTMLElement} main
 * @param {HTMLElement} fault
 * @param {string} code
 * @returns {HTMLElement | null} its field
 */
function tell(main, fault, code) {
  const field = document.getElementById(fault.dataset["fault"] ?? "");
  const words = fault.querySelector("span:last-child");
  if (words) words.textContent = code && sentenceOf(main, code);
  fault.hidden = !code;
  field?.setAttribute("aria-invalid", String(Boolean(code)));
  field?.closest(".field")?.classList.toggle("wrong", Boolean(code));
  if (code && field instanceof HTMLInputElement && field.type !== "file") field.select();
  return field;
}

/** @param {HTMLElement} place */
function faultsIn(place) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-fault]"))];
}
