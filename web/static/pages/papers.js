// Files that change hands in the call: the form that hands one over, and the list of all.

import { handOver } from "../call/papers.js";
import { carryOut } from "../elements/actions.js";
import { addressOf } from "../elements/papers-card.js";

export { showPapers } from "../elements/papers-card.js";

/** @param {HTMLElement} main let the page hand over files */
export function handOverFrom(main) {
  const form = main.querySelector('[data-part="hand-over"]');
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = new FormData(form).get("file");
    if (!(file instanceof File) || !file.name) return;
    const handed = handOver(addressOf(main, form), form.dataset["csrf"] ?? "", file);
    void carryOut(main, /** @type {HTMLElement} */ (event.submitter ?? form), handed);
    void handed.then(({ ok }) => ok && form.reset());
  });
}
