// The dialog in which an informer writes down the answer of somebody who cannot click.

import { part } from "./state.js";

const LEAST = 10;

/** Never the network: whoever opens it sends what was written. */
export class WitnessDialog {
  #dialog;
  #note;
  #fault;

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#dialog = /** @type {HTMLDialogElement} */ (main.querySelector("#witness"));
    this.#note = /** @type {HTMLTextAreaElement} */ (this.#dialog.querySelector("textarea"));
    this.#fault = part(this.#dialog, "witness-fault", HTMLElement);
    this.#note.addEventListener("input", () => this.#tell(false));
  }

  /** Ask for the note. */
  open() {
    this.#tell(false);
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#note.focus();
  }

  /** Put it away, with what was written. */
  close() {
    this.#note.value = "";
    this.#dialog.close();
  }

  /**
   * What was written; empty, and told at the field, when it is too short.
   *
   * @returns {string}
   */
  get note() {
    const note = this.#note.value.split(/\s+/u).join(" ").trim();
    this.#tell(note.length < LEAST);
    return note.length < LEAST ? "" : note;
  }

  /** @param {boolean} wrong */
  #tell(wrong) {
    this.#fault.hidden = !wrong;
    this.#note.setAttribute("aria-invalid", String(wrong));
    this.#note.setAttribute("aria-describedby", wrong ? `${this.#fault.id} witness-hint` : "witness-hint");
    if (wrong) this.#note.focus();
  }
}
