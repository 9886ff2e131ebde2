// The bar that shows that a microphone hears.

import { part, reflect } from "./state.js";

// as loud as quiet speech; a silent room stays under it
const SPEECH = 0.45;

/** Tells by the scope's `microphone`: quiet until something was heard, then heard; none without a microphone. */
export class LevelMeter {
  #main;
  #meter;

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#main = main;
    this.#meter = part(main, "level", HTMLMeterElement);
  }

  /** @param {MediaStream | null} stream what will be listened to */
  begin(stream) {
    this.#meter.value = 0;
    reflect(this.#main, { microphone: stream?.getAudioTracks().length ? "quiet" : "none" });
  }

  /** @param {number} level from 0 to 1 */
  show(level) {
    this.#meter.value = level;
    if (level > SPEECH) reflect(this.#main, { microphone: "heard" });
  }
}
