// Time that passes on purpose.

/**
 * A quarter more or less: pages that lost the same service do not all come back at the same moment.
 *
 * @param {number} milliseconds
 */
export const about = (milliseconds) => milliseconds * (0.75 + Math.random() / 2);

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
