// The citizen's part of a visual identification on the page. Never the network.

/** @import {CitizenView} from "../call/protocol.js" */

import { bring } from "./focus.js";
import { announce, fill, reflect } from "./state.js";
import { sharedState, word } from "./visual-state.js";

/** What is shown of it, kept up to date. */
export class VisualCitizen {
  #part;
  #step = "";
  #shown = "";

  /** @param {HTMLElement} main the page */
  constructor(main) {
    this.#part = /** @type {HTMLElement} */ (main.querySelector("#visual"));
  }

  /** The part of the page, which is a scope of its own. */
  get part() {
    return this.#part;
  }

  /** The identification that is shown; empty before there is one. */
  get shown() {
    return this.#shown;
  }

  /**
   * Show what is so; showing it again changes nothing.
   *
   * @param {CitizenView} view
   */
  show(view) {
    const { visual } = view;
    if (!visual) return;
    this.#text(visual.title ?? "", visual.paragraphs ?? []);
    this.#asked(visual.actions ?? []);
    fill(this.#part, { digits: visual.digits ?? "" });
    const step = `${visual.stage} ${visual.restarts} ${visual.code_sent}`;
    if (step !== this.#step) this.#part.querySelector("form")?.reset();
    this.#step = step;
    this.#shown = visual.id ?? "";
    const shown = reflect(this.#part, sharedState(view));
    announce(this.#part, shown);
    bring(shown);
  }

  /**
   * @param {string} title
   * @param {readonly string[]} paragraphs
   */
  #text(title, paragraphs) {
    const heading = this.#part.querySelector('[data-part="visual-title"]');
    const text = this.#part.querySelector('[data-part="visual-text"]');
    if (!heading || !text || !title) return;
    const words = [...text.children].map((one) => one.textContent);
    // the same text again would be read aloud again; another version may have the same title
    if (heading.textContent === title && words.join("\n") === paragraphs.join("\n")) return;
    heading.textContent = title;
    text.replaceChildren(...paragraphs.map((one) => element("p", one)));
    text.scrollTop = 0;
  }

  /** @param {readonly string[]} actions */
  #asked(actions) {
    const list = this.#part.querySelector('[data-part="visual-asked"]');
    if (!list || list.getAttribute("data-names") === actions.join()) return;
    list.setAttribute("data-names", actions.join());
    list.replaceChildren(...actions.map((action) => element("li", word(action))));
  }
}

/**
 * @param {"p" | "li"} name
 * @param {string} words
 * @returns {HTMLElement}
 */
function element(name, words) {
  const made = document.createElement(name);
  made.textContent = words;
  return made;
}
