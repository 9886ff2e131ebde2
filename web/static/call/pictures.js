// When each picture of a recording is shown: the instants that its files tell, not a mean. Never the DOM.

/** @import {Stretch, Track} from "./timeline.js" */

// files count in milliseconds: half of one further on lies inside of the picture whatever a browser rounds
const INSIDE = 0.0005;
const SAME = 0.0006;

/** Asks for the instants of a file once, when they are first wanted; those of a file that tells none are unknown. */
export class Pictures {
  /** @type {Map<Track, Promise<readonly number[]>>} */
  #asked = new Map();
  /** @type {Map<Track, readonly number[]>} */
  #known = new Map();

  /**
   * The instants of one file, if they came already; else they are asked for.
   *
   * @param {Track} track
   * @returns {readonly number[] | undefined} seconds since the file's beginning
   */
  known(track) {
    if (track.pictures && !this.#asked.has(track)) this.#ask(track);
    return this.#known.get(track);
  }

  /**
   * The instants at which the picture of anybody changes, in order.
   *
   * @param {Stretch} stretch
   * @returns {Promise<readonly number[]>} seconds on the recording's time line; empty when nobody tells
   */
  async of({ tracks }) {
    const told = await Promise.all(
      tracks.map(async (track) => (await this.#ask(track)).map((instant) => track.start + instant + INSIDE)),
    );
    return told.flat().toSorted((one, other) => one - other);
  }

  /** @param {Track} track */
  #ask(track) {
    const asked = this.#asked.get(track) ?? this.#fetched(track);
    this.#asked.set(track, asked);
    return asked;
  }

  /** @param {Track} track */
  async #fetched(track) {
    if (!track.pictures) return [];
    try {
      const answer = await fetch(track.pictures);
      const { after } = /** @type {{ after: number[] }} */ (answer.ok ? await answer.json() : { after: [] });
      let at = 0;
      const instants = after.map((milliseconds) => (at += milliseconds) / 1000);
      if (instants.length) this.#known.set(track, instants);
      return instants;
    } catch {
      return [];
    }
  }
}

/**
 * The instant of the picture beside the one that is shown.
 *
 * @param {readonly number[]} instants in order
 * @param {number} time
 * @param {number} direction 1 or -1
 * @returns {number | undefined} undefined beyond the first and the last one
 */
export function beside(instants, time, direction) {
  const next = instants.findIndex((instant) => instant > time + SAME);
  const shown = (next < 0 ? instants.length : next) - 1;
  return instants[shown + direction];
}
