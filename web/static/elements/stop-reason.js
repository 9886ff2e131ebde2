// Why a visual identification is stopped: what a reason of fraud files is said before it is filed. Never the network.

import { announce, fill, reflect } from "./state.js";

const DAY_MS = 86_400_000;

/**
 * Say it, and demand that the informer has seen it, for as long as a reason of fraud is chosen.
 *
 * @param {HTMLElement} scope the part of the page that is about the identification
 */
export function tellWhatItFiles(scope) {
  const reason = /** @type {HTMLSelectElement} */ (scope.querySelector("#visual-reason"));
  const witnessed = /** @type {HTMLInputElement} */ (scope.querySelector("#visual-witnessed"));
  const tell = () => {
    const suspects = reason.selectedOptions[0]?.hasAttribute("data-fraud") ?? false;
    // what was said to be seen was said of the reason before
    witnessed.checked = false;
    witnessed.required = suspects;
    const until = new Date(Date.now() + Number(scope.dataset["suspicionDays"]) * DAY_MS);
    fill(scope, { "suspected-until": longDate(until.toISOString()) });
    announce(scope, reflect(scope, { suspects: suspects ? "yes" : "no" }));
  };
  reason.addEventListener("change", tell);
  reason.form?.addEventListener("reset", () => queueMicrotask(tell));
}

/**
 * A suspicion of fraud is of a document: its reasons can be chosen once it is said which one.
 *
 * @param {HTMLElement} scope
 * @param {boolean} allowed
 */
export function allowFraud(scope, allowed) {
  const reasons = /** @type {NodeListOf<HTMLOptionElement>} */ (scope.querySelectorAll("option[data-fraud]"));
  for (const reason of reasons) reason.disabled = !allowed;
}

/**
 * @param {string | undefined} day an ISO date, or empty
 * @returns {string}
 */
export function longDate(day) {
  if (!day) return "";
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}
