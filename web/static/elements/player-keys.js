// The keys of the player. They are heard only while the focus is in it, so nobody meets them by accident.

import { part } from "./state.js";

const SHORT_S = 5;
const LONG_S = 10;

/** @type {Readonly<Record<string, [string, number?]>>} what a key asks for, and how much */
const KEYS = {
  " ": ["toggle"],
  k: ["toggle"],
  ArrowLeft: ["jump", -SHORT_S],
  ArrowRight: ["jump", SHORT_S],
  j: ["jump", -LONG_S],
  l: ["jump", LONG_S],
  ",": ["step", -1],
  ".": ["step", 1],
  "<": ["faster", -1],
  ">": ["faster", 1],
  f: ["fullscreen"],
  "?": ["help"],
};

/** Events, each a CustomEvent: `toggle`, `jump` (seconds), `step` (pictures), `faster` (1 or -1), `fullscreen`. */
export class PlayerKeys extends EventTarget {
  #help;

  /** @param {HTMLElement} player the section, which takes the focus when somebody presses in it */
  constructor(player) {
    super();
    this.#help = part(player, "keys", HTMLDialogElement);
    player.addEventListener("keydown", (event) => this.#pressed(event));
    part(player, "stage", HTMLElement).addEventListener("click", () => player.focus({ preventScroll: true }));
    player.querySelector('[data-action="keys"]')?.addEventListener("click", () => this.#help.showModal());
    player.querySelector('[data-action="fullscreen"]')?.addEventListener("click", () => this.#tell("fullscreen"));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.#help.open) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const asked = KEYS[key];
    if (!asked || belongsTo(event.target, key)) return;
    event.preventDefault();
    if (asked[0] === "help") this.#help.showModal();
    else this.#tell(...asked);
  }

  /**
   * @param {string} name
   * @param {number} [detail]
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/**
 * Whether the key means something of its own to what has the focus.
 *
 * @param {EventTarget | null} target
 * @param {string} key
 */
function belongsTo(target, key) {
  if (target instanceof HTMLSelectElement) return !["?", "<", ">"].includes(key);
  if (target instanceof HTMLInputElement) return key.startsWith("Arrow");
  return key === " " && target instanceof Element && target.closest("button, a, summary") !== null;
}
