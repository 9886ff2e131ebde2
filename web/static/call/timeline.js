// The parts of a recording on one time line: where something was kept, and where not. Only arithmetic.

/**
 * @typedef {{ track: string, start: number, duration: number, url: string, frames?: number, pictures?: string }} Track
 *   seconds on the recording's time line; `pictures` is where the instants of its pictures are told, if it has any
 * @typedef {{ number: number, tracks: readonly Track[] }} Part
 * @typedef {{ start: number, end: number, tracks: readonly Track[] }} Stretch something was kept from start to end
 * @typedef {{ from: number, to: number }} Gap
 */

const USUAL_PICTURE = 1 / 25;
const SHORTEST_PICTURE = 1 / 60;

/**
 * The stretches in order; tracks on which nothing arrived are left out, and so are parts without any other.
 *
 * @param {readonly Part[]} parts
 * @returns {Stretch[]}
 */
export function stretchesOf(parts) {
  return parts
    .map((part) => part.tracks.filter((track) => track.duration > 0))
    .filter((tracks) => tracks.length)
    .map((tracks) => ({ start: Math.min(...tracks.map((each) => each.start)), end: Math.max(...tracks.map(endOf)), tracks }))
    .toSorted((one, other) => one.start - other.start);
}

/**
 * What to play at a time: the stretch there, or the next one.
 *
 * @param {readonly Stretch[]} stretches
 * @param {number} time seconds
 * @returns {Stretch | undefined} undefined after the last one
 */
export function stretchAt(stretches, time) {
  return stretches.find((stretch) => time < stretch.end);
}

/**
 * Where nothing was kept between the stretches.
 *
 * @param {readonly Stretch[]} stretches
 * @returns {Gap[]}
 */
export function gapsBetween(stretches) {
  return stretches
    .slice(1)
    .map((stretch, index) => ({ from: stretches[index]?.end ?? 0, to: stretch.start }))
    .filter((gap) => gap.to > gap.from);
}

/**
 * How long one picture is shown where something is to be seen.
 *
 * @param {Stretch | undefined} stretch
 * @returns {number} seconds
 */
export function pictureLength(stretch) {
  const lengths = (stretch?.tracks ?? [])
    .filter((track) => track.track.endsWith("-video") && track.frames)
    .map((track) => track.duration / (track.frames ?? 1));
  return Math.max(SHORTEST_PICTURE, lengths.length ? Math.min(...lengths) : USUAL_PICTURE);
}

/** @param {Track} track */
function endOf(track) {
  return track.start + track.duration;
}
