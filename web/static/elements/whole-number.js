// A document number in full, on the page for a moment only. Never the network.

/** @import {Acknowledgement} from "../call/protocol.js" */

import { part } from "./state.js";

/** The place in which a whole number is shown; it empties itself. */
export class WholeNumber {
  #place;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #moment;

  /** @param {HTMLElement} main the scope of the page */
  constructor(main) {
    this.#place = part(main, "whole-number", HTMLOutputElement);
  }

  /**
   * Show what was asked for, as long as the answer says.
   *
   * @param {Promise<Acknowledgement>} asked
   * @returns {Promise<Acknowledgement>} the same answer
   */
  async show(asked) {
    const answer = await asked;
    if (!answer.ok || !answer.document) return answer;
    clearTimeout(this.#moment);
    this.#place.hidden = false;
    this.#place.value = answer.document;
    this.#moment = setTimeout(() => this.clear(), (answer.seconds ?? 0) * 1000);
    return answer;
  }

  /** Take it off the page. */
  clear() {
    clearTimeout(this.#moment);
    this.#place.value = "";
    this.#place.hidden = true;
  }
}
