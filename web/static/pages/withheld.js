// What a citizen takes back holds from the press of the button on, not from the moment the service hears of it.

/** @import {Acknowledgement} from "../call/protocol.js" */
/** @import {Talk} from "./talk.js" */

import { part } from "../elements/state.js";

// as a rule the answer is there before anybody could read a word
const TOLD_AFTER_MS = 1000;

/** Sends nothing of the citizen, and says so, while a withdrawal is on its way. */
export class Withheld {
  #talk;
  #notice;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling;

  /**
   * @param {HTMLElement} main
   * @param {Talk} talk
   */
  constructor(main, talk) {
    this.#talk = talk;
    this.#notice = part(main, "withheld", HTMLElement);
  }

  /**
   * Be silent and dark until the service has answered. If it never did, the recorder may still be there: it stays so
   * until `end`.
   *
   * @param {Promise<Acknowledgement>} outcome
   * @returns {Promise<Acknowledgement>} the same
   */
  async until(outcome) {
    this.#talk.setWithheld(true);
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => (this.#notice.hidden = false), TOLD_AFTER_MS);
    const answer = await outcome;
    if (answer.ok || answer.code !== "unreachable") this.end();
    return answer;
  }

  /** Send again what the buttons allow. */
  end() {
    clearTimeout(this.#telling);
    this.#notice.hidden = true;
    this.#talk.setWithheld(false);
  }
}
