// The informer's part of a visual identification on the page. Never the network.

/** @import {AttendedSeen, StillSeen, TickSeen} from "../call/protocol.js" */

import { announce, fill, reflect } from "./state.js";
import { allowFraud, longDate } from "./stop-reason.js";
import { informerState, sharedState, word } from "./visual-state.js";

/** What is shown of it, kept up to date. */
export class VisualDesk {
  #part;
  #sentences;
  #shown = "";

  /** @param {HTMLElement} main the page */
  constructor(main) {
    this.#part = /** @type {HTMLElement} */ (main.querySelector("#visual"));
    this.#sentences = /** @type {HTMLTemplateElement} */ (main.querySelector("#sentences"));
  }

  /** The part of the page, which is a scope of its own. */
  get part() {
    return this.#part;
  }

  /**
   * Show what is so; showing it again changes nothing.
   *
   * @param {AttendedSeen | null} attended
   */
  show(attended) {
    const visual = attended?.visual;
    const step = `${attended?.attention} ${visual?.stage} ${visual?.restarts}`;
    if (step !== this.#shown) this.#begin(step);
    this.#ticks("visual-features", "visual-feature", visual?.features ?? []);
    this.#ticks("visual-actions", "visual-action", visual?.actions ?? []);
    this.#stills(attended?.attention ?? "", visual?.stills ?? []);
    this.#texts(attended);
    announce(this.#part, reflect(this.#part, { ...sharedState(attended), ...informerState(visual) }));
  }

  /** @param {AttendedSeen | null} attended */
  #texts(attended) {
    const visual = attended?.visual;
    const paper = visual?.paper;
    fill(this.#part, {
      "habilitated-until": longDate(visual?.habilitated_until),
      "paper-name": paper?.name ?? "",
      "paper-number": paper?.number ?? "",
      "paper-expires": longDate(paper?.expires),
      digits: visual?.digits ?? "",
    });
    const failed = this.#part.querySelector('[data-part="visual-failed"]');
    if (failed) failed.textContent = (paper?.failed ?? []).map(word).join(", ");
    const lacking = visual?.lacking ? this.#sentence(visual.lacking) : "";
    for (const place of this.#part.querySelectorAll('[data-part="visual-lacking"]')) {
      if (place.textContent !== lacking) place.textContent = lacking;
    }
    const kind = this.#part.querySelector('[data-part="visual-kind"]');
    allowFraud(this.#part, Boolean(visual?.kind));
    if (kind instanceof HTMLSelectElement && document.activeElement !== kind) kind.value = visual?.kind ?? "";
  }

  /**
   * A step that begins, or begins again, has nothing typed in it.
   *
   * @param {string} step
   */
  #begin(step) {
    this.#shown = step;
    for (const form of this.#part.querySelectorAll("form")) {
      form.reset();
      for (const field of form.querySelectorAll(`input:not([type="checkbox"]), textarea`)) {
        /** @type {HTMLInputElement | HTMLTextAreaElement} */ (field).value = "";
      }
    }
    this.#part.querySelector("details")?.removeAttribute("open");
  }

  /**
   * @param {string} list
   * @param {string} template
   * @param {readonly TickSeen[]} ticks
   */
  #ticks(list, template, ticks) {
    const place = this.#part.querySelector(`[data-part="${list}"]`);
    const blank = this.#part.querySelector(`#${template}`);
    if (!place || !(blank instanceof HTMLTemplateElement)) return;
    const rows = [...place.children];
    // rows that stay keep the focus of whoever ticks them with the keyboard
    if (rows.map((row) => row.getAttribute("data-name")).join() !== ticks.map((tick) => tick.name).join()) {
      place.replaceChildren(...ticks.map((tick) => newRow(blank, tick)));
    }
    [...place.children].forEach((row, index) => press(row, ticks[index]?.ticked ?? ""));
  }

  /**
   * @param {string} attention
   * @param {readonly StillSeen[]} stills
   */
  #stills(attention, stills) {
    for (const place of this.#part.querySelectorAll("[data-shot]")) {
      const still = stills.find(({ kind }) => kind === place.getAttribute("data-shot"));
      const image = /** @type {HTMLImageElement} */ (place.querySelector("img"));
      const address = still ? `/desk/visual/${attention}/stills/${still.id}` : "";
      image.hidden = !still;
      if (still && image.getAttribute("src") !== address) image.src = address;
      if (!still) image.removeAttribute("src");
      const size = place.querySelector(".shot-size");
      if (size) size.textContent = still ? `${still.width} × ${still.height}` : "";
    }
  }

  /** @param {string} code */
  #sentence(code) {
    return this.#sentences.content.querySelector(`[data-code="${CSS.escape(code)}"]`)?.textContent ?? "";
  }
}

/**
 * @param {HTMLTemplateElement} blank
 * @param {TickSeen} tick
 * @returns {HTMLElement}
 */
function newRow(blank, tick) {
  const row = /** @type {HTMLElement} */ (blank.content.firstElementChild?.cloneNode(true));
  row.dataset["name"] = tick.name;
  const words = row.querySelector(".tick-word");
  if (words) words.textContent = word(tick.name);
  const variable = row.querySelector(".tick-variable");
  if (variable instanceof HTMLElement) variable.hidden = !tick.variable;
  for (const button of row.querySelectorAll("button")) button.dataset["name"] = tick.name;
  return row;
}

/**
 * @param {Element} row
 * @param {string} ticked
 */
function press(row, ticked) {
  for (const button of row.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset["value"] === ticked));
  }
}
