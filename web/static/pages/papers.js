// Files that change hands in the call: the form that hands one over, and the list of all.

import { handOver } from "../call/papers.js";
import { carryOut } from "../elements/actions.js";
import { followFaults, tellAtField } from "../elements/faults.js";
import { addressOf, nameChosen } from "../elements/papers-card.js";

export { showPapers } from "../elements/papers-card.js";

/** @param {HTMLElement} main let the page hand over files */
export function handOverFrom(main) {
  const form = main.querySelector('[data-part="hand-over"]');
  if (!(form instanceof HTMLFormElement)) return;
  nameChosen(form);
  followFaults(main, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = new FormData(form).get("file");
    const tell = (/** @type {string} */ code) => tellAtField(main, form, code);
    if (!(file instanceof File) || !file.name) return void tell("document_not_picked");
    const handed = handOver(addressOf(main, form), form.dataset["csrf"] ?? "", file);
    void carryOut(main, /** @type {HTMLElement} */ (event.submitter ?? form), handed, tell);
    void handed.then(({ ok }) => ok && form.reset());
  });
}
