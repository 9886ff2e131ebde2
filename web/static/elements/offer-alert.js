// The alert of an offer: it counts down, changes the page's title, and says when to ring and when to be silent.

/** @import {OfferSeen} from "../call/protocol.js" */

import { part } from "./state.js";

// what the service promises; a clock that is wrong on this machine must not show more
const OFFER_LASTS_S = 20;

/** Events: `ring` when an offer comes, `silence` when it was answered, lapsed or went. */
export class OfferAlert extends EventTarget {
  #countdown;
  #title = document.title;
  #alertTitle;
  #offer = "";
  #until = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /** @param {HTMLElement} main the scope of the desk */
  constructor(main) {
    super();
    this.#countdown = part(main, "countdown", HTMLElement);
    this.#alertTitle = main.dataset["alertTitle"] ?? this.#title;
  }

  /**
   * Alert to this offer, or to none; the same offer again changes nothing.
   *
   * @param {OfferSeen | null} offer
   */
  show(offer) {
    const name = offer ? `${offer.attention} ${offer.until}` : "";
    if (name === this.#offer) return;
    this.#offer = name;
    this.silence();
    if (offer) this.#begin(Date.parse(offer.until));
  }

  /** Be silent about the offer that stands, for it has just been answered. */
  silence() {
    clearInterval(this.#ticking);
    document.title = this.#title;
    this.dispatchEvent(new Event("silence"));
  }

  /** @param {number} until */
  #begin(until) {
    const now = Date.now();
    this.#until = until > now ? Math.min(until, now + OFFER_LASTS_S * 1000) : now + OFFER_LASTS_S * 1000;
    document.title = `● ${this.#alertTitle}`;
    this.#ticking = setInterval(() => this.#tick(), 500);
    this.#tick();
    this.dispatchEvent(new Event("ring"));
  }

  #tick() {
    const left = Math.max(0, Math.ceil((this.#until - Date.now()) / 1000));
    this.#countdown.textContent = String(left);
    if (!left) this.silence();
  }
}
