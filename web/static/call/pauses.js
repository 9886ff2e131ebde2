// Time that passes on purpose, and how much of it a call waits for what.

/**
 * @typedef {{ blip: number, negotiatedWithin: number, firstDelay: number, longestDelay: number, succession: number,
 *   goodbye: number, farewell: number }} Timing milliseconds
 */

/**
 * A browser waits much longer than people before it gives up a connection that stalls.
 *
 * @type {Timing}
 */
export const TIMING = {
  blip: 3000,
  negotiatedWithin: 10_000,
  firstDelay: 500,
  longestDelay: 8000,
  succession: 2000,
  goodbye: 3000,
  farewell: 250,
};

/**
 * A quarter more or less: pages that lost the same service do not all come back at the same moment.
 *
 * @param {number} milliseconds
 */
export const about = (milliseconds) => milliseconds * (0.75 + Math.random() / 2);

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
