// Which place to send a file to so that a certain picture of it is shown. Only arithmetic.
//
// A browser that stands still shows the picture that covers a place as far as it knows how long pictures last, and of a
// file without lengths it takes their mean for it: where they are uneven it shows one before. It tells what it shows; so
// the place is moved, further each time, until the picture is the right one, and halved between too early and too late.

const SAME = 0.0006;
const MOST_TRIES = 12;

/** One place in a file that is to be shown; `instants` (seconds) are those of its pictures, if they are known. */
export class Aim {
  place;
  instants;
  /** Where to send the element. */
  at;
  /** Whether it was sent there. */
  sent = false;
  #tries = 0;
  #seen = Number.NaN;
  #early = -Infinity;
  #late = Infinity;

  /**
   * @param {number} place seconds
   * @param {readonly number[] | undefined} instants
   */
  constructor(place, instants) {
    this.place = place;
    this.instants = instants;
    this.at = place;
  }

  /**
   * To be told until nothing changes: what is seen once only may be the picture before.
   *
   * @param {number} shown the instant (seconds) of the picture that the browser shows now; NaN when nobody knows
   */
  saw(shown) {
    const wanted = this.instants?.findLast((instant) => instant <= this.place + SAME);
    const again = shown === this.#seen;
    this.#seen = shown;
    if (wanted === undefined || !again || Math.abs(wanted - shown) < SAME || this.#tries === MOST_TRIES) return;
    this.#move(wanted - shown);
  }

  /** @param {number} missing seconds, negative when it shows a later picture */
  #move(missing) {
    if (missing > 0) this.#early = this.at;
    else this.#late = this.at;
    const further = this.at + missing * 2 ** this.#tries;
    const between = (this.#early + this.#late) / 2;
    this.at = Number.isFinite(between) ? between : Math.max(0, further);
    this.#tries += 1;
    this.#seen = Number.NaN;
    this.sent = false;
  }
}
