// The bar of the archive's player: what is pressed becomes events, what is played becomes figures.

/** @typedef {{ from: number, to: number }} Gap */

import { stopwatch } from "./clocks.js";
import { part } from "./state.js";

/** @type {readonly [string, number][]} */
const STEPS = [
  ["frame-back", -1],
  ["frame-forward", 1],
];

/** Events, each a CustomEvent: `play`, `pause`, `seek` (seconds), `rate` (times), `step` (pictures). */
export class PlayerBar extends EventTarget {
  #player;
  #slider;
  #time;
  #rate;
  #held = false;

  /** @param {HTMLElement} player the section with the bar */
  constructor(player) {
    super();
    this.#player = player;
    this.#slider = /** @type {HTMLInputElement} */ (this.#control("seek"));
    this.#time = part(player, "time", HTMLElement);
    const play = /** @type {HTMLButtonElement} */ (this.#control("play"));
    play.addEventListener("click", () => this.#tell("play"));
    play.disabled = false; // from here on a press is heard
    this.#control("pause").addEventListener("click", () => this.#tell("pause"));
    this.#slider.addEventListener("input", () => this.#sought());
    this.#slider.addEventListener("change", () => (this.#held = false));
    this.#rate = /** @type {HTMLSelectElement} */ (this.#control("rate"));
    this.#rate.addEventListener("change", () => this.#tell("rate", Number(this.#rate.value)));
    for (const [action, pictures] of STEPS) {
      const button = /** @type {HTMLButtonElement} */ (this.#control(action));
      button.addEventListener("click", () => this.#tell("step", pictures));
      button.disabled = false;
    }
  }

  /**
   * Choose the next faster speed, or the next slower one.
   *
   * @param {number} by 1 or -1
   */
  faster(by) {
    const wanted = this.#rate.selectedIndex + by;
    if (wanted < 0 || wanted >= this.#rate.length) return;
    this.#rate.selectedIndex = wanted;
    this.#tell("rate", Number(this.#rate.value));
    part(this.#player, "player-news", HTMLElement).textContent = this.#rate.selectedOptions[0]?.text ?? "";
  }

  /**
   * Lay out the time line.
   *
   * @param {number} duration seconds
   * @param {readonly Gap[]} gaps seconds that were not recorded
   */
  measure(duration, gaps) {
    this.#slider.max = String(duration);
    part(this.#player, "duration", HTMLElement).textContent = stopwatch(duration);
    const marks = gaps.map(({ from, to }) => mark(from / duration, (to - from) / duration));
    part(this.#player, "gaps", HTMLElement).replaceChildren(...marks);
  }

  /** @param {number} seconds */
  at(seconds) {
    if (!this.#held) this.#slider.value = String(seconds);
    this.#slider.setAttribute("aria-valuetext", stopwatch(seconds));
    this.#time.textContent = stopwatch(seconds);
  }

  /** @param {string} state of the playback: playing, paused, waiting, ended */
  turn(state) {
    const playing = state === "playing" || state === "waiting";
    const [play, pause] = [this.#control("play"), this.#control("pause")];
    const focused = document.activeElement;
    this.#player.dataset["state"] = state;
    play.hidden = playing;
    pause.hidden = !playing;
    // the button under the finger has changed: whoever uses the keyboard stays on it
    if (focused === play || focused === pause) (playing ? pause : play).focus();
  }

  /**
   * Tell that it cannot be played, and why if there is a sentence for the reason.
   *
   * @param {string} reason
   */
  fail(reason) {
    const known = /** @type {HTMLElement | null} */ (
      this.#player.querySelector(`[data-part="playback-failure-${CSS.escape(reason)}"]`)
    );
    (known ?? part(this.#player, "playback-failure", HTMLElement)).hidden = false;
  }

  /** Take back what `fail` told. */
  mend() {
    for (const told of this.#player.querySelectorAll('[data-part^="playback-failure"]')) {
      if (told instanceof HTMLElement) told.hidden = true;
    }
  }

  #sought() {
    this.#held = true;
    this.#tell("seek", Number(this.#slider.value));
  }

  /** @param {string} action */
  #control(action) {
    return /** @type {HTMLElement} */ (this.#player.querySelector(`[data-action="${action}"]`));
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
 * @param {number} start share of the line
 * @param {number} size share of the line
 */
function mark(start, size) {
  const element = document.createElement("span");
  element.style.insetInlineStart = `${start * 100}%`;
  element.style.inlineSize = `${Math.max(size * 100, 0.5)}%`;
  return element;
}
