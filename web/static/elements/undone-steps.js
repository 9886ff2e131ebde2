// What is still to be done before a call can be ended: named at the button that ends it, with a way to each.

import { part } from "./state.js";

/** The notice under the call's buttons. */
export class UndoneSteps {
  #notice;
  /** @type {readonly string[]} */
  #undone = [];

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#notice = part(main, "undone", HTMLElement);
    this.#notice.addEventListener("click", (event) => this.#lead(event));
  }

  /** @param {readonly string[]} undone the steps that are open now; the notice goes when there are none */
  follow(undone) {
    this.#undone = undone;
    if (!undone.length) this.#notice.hidden = true;
    if (!this.#notice.hidden) this.#name();
  }

  /**
   * Name what keeps the call open, and show the way to it.
   *
   * @returns {boolean} whether nothing does
   */
  tell() {
    this.#name();
    this.#notice.hidden = !this.#undone.length;
    if (this.#undone.length) this.#notice.querySelector("li:not([hidden]) a")?.scrollIntoView({ block: "nearest" });
    return !this.#undone.length;
  }

  #name() {
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (this.#notice.querySelectorAll("[data-step]"))) {
      line.hidden = !this.#undone.includes(line.dataset["step"] ?? "");
    }
  }

  /** @param {Event} event */
  #lead(event) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const step = link && document.querySelector(link.getAttribute("href") ?? "");
    if (!(step instanceof HTMLElement)) return;
    event.preventDefault();
    step.scrollIntoView({ block: "center" });
    const within = /** @type {HTMLElement | null} */ (step.querySelector("button:not([hidden])"));
    (within ?? step).focus();
  }
}
