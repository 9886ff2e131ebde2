// A refusal of what a form said, told at the field that it is about. Never the network.

import { sentenceOf } from "./actions.js";

/**
 * Tell it at the form's field (`data-fault` has its id), which gets the focus; or take the last one off.
 *
 * @param {HTMLElement} main where the sentences are
 * @param {HTMLElement} form
 * @param {string} code empty when all went well
 * @returns {boolean} whether the form is shown and has a place for it
 */
export function tellAtField(main, form, code) {
  const fault = form.querySelector("[data-fault]");
  const field = document.getElementById(fault?.getAttribute("data-fault") ?? "");
  if (!(fault instanceof HTMLElement) || !field || !form.checkVisibility()) return false;
  const words = fault.querySelector("span:last-child");
  if (words) words.textContent = code && sentenceOf(main, code);
  fault.hidden = !code;
  field.setAttribute("aria-invalid", String(Boolean(code)));
  field.closest(".field")?.classList.toggle("wrong", Boolean(code));
  if (!code) return true;
  field.focus();
  if (field instanceof HTMLInputElement && field.type !== "file") field.select();
  return true;
}

/**
 * What was told goes when the form is typed in again, or emptied.
 *
 * @param {HTMLElement} main
 * @param {HTMLElement} scope whose forms they are
 */
export function forgetFaults(main, scope) {
  for (const name of ["input", "reset"]) {
    scope.addEventListener(name, ({ target }) => {
      const form = target instanceof Element ? target.closest("form") : null;
      if (form) tellAtField(main, form, "");
    });
  }
}
