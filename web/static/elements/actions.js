// Buttons: what each `data-action` of the page does, and what became of it.

/** @import {Acknowledgement} from "../call/protocol.js" */

/** @typedef {Promise<Acknowledgement> | void} Outcome */
/** @typedef {(button: HTMLElement, event: Event) => Outcome} Action */

/**
 * Do what a button says; while the service answers, that button waits, and a refusal is told in words.
 *
 * @param {HTMLElement} main
 * @param {Readonly<Record<string, Action>>} actions by `data-action`
 * @param {AbortSignal} [signal] ends it
 */
export function onActions(main, actions, signal) {
  const options = signal ? { signal } : {};
  main.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
      if (!(button instanceof HTMLElement)) return;
      const outcome = actions[button.dataset["action"] ?? ""]?.(button, event);
      if (outcome) void carryOut(main, button, outcome);
    },
    options,
  );
}

/**
 * Wait for the service's answer with the button held, and tell a refusal.
 *
 * @param {HTMLElement} main
 * @param {HTMLElement} button
 * @param {Promise<Acknowledgement>} outcome
 * @param {(code: string) => boolean} [tellNearby] tells it (empty: nothing) where it was said; whether there is such a place
 */
export async function carryOut(main, button, outcome, tellNearby = () => false) {
  const focused = document.activeElement === button;
  if (button instanceof HTMLButtonElement) button.disabled = true;
  const answer = await outcome;
  if (button instanceof HTMLButtonElement) button.disabled = false;
  // a button that is held loses the focus
  if (focused && document.activeElement === document.body) button.focus();
  const code = answer.ok ? "" : answer.code;
  tellFailure(main, tellNearby(code) ? "" : code);
}

/**
 * Tell in words what a code means, or take the last one off the page.
 *
 * @param {HTMLElement} main
 * @param {string} code empty when all went well
 */
function tellFailure(main, code) {
  const notice = main.querySelector('[data-part="failure"]');
  if (!(notice instanceof HTMLElement)) return;
  const words = notice.querySelector("span:last-child");
  if (words && code) words.textContent = sentenceOf(main, code);
  notice.hidden = !code;
}

/**
 * A code in words, out of the page's book.
 *
 * @param {HTMLElement} main
 * @param {string} code
 * @returns {string} empty on a page without a book
 */
export function sentenceOf(main, code) {
  const book = /** @type {HTMLTemplateElement | null} */ (main.querySelector("#sentences"));
  const of = (/** @type {string} */ name) => book?.content.querySelector(`[data-code="${CSS.escape(name)}"]`);
  return (of(code) ?? of("unexpected"))?.textContent ?? "";
}
