// What a person has silenced or stopped stays so in this window, over a reload and in the next call, until they say more.

import { press } from "../elements/call-screen.js";

/** @typedef {"audio" | "video"} Kind */

const KEPT = "muted";
const KINDS = /** @type {readonly Kind[]} */ (["audio", "video"]);

/** Remembers which kinds are muted, and shows it on the buttons. */
export class Muted {
  /** @type {ReadonlySet<string>} */
  #kinds;

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#kinds = new Set((sessionStorage.getItem(KEPT) ?? "").split(" ").filter(Boolean));
    for (const kind of KINDS) press(main.querySelector(`[data-action="mute-${kind}"]`), this.has(kind));
  }

  /** @param {Kind} kind */
  has(kind) {
    return this.#kinds.has(kind);
  }

  /**
   * @param {Kind} kind
   * @param {boolean} muted
   */
  set(kind, muted) {
    const others = KINDS.filter((one) => one !== kind && this.has(one));
    this.#kinds = new Set(muted ? [...others, kind] : others);
    sessionStorage.setItem(KEPT, [...this.#kinds].join(" "));
  }
}
