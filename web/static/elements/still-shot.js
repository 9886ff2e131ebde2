// Stills out of a picture that moves: what the page shows, as large as it comes, and how good its light looks.

/**
 * @typedef {{ picture: Blob, shownAt: number, rtp: number | null }} Shot `shownAt` as `performance.now()` counts;
 *   `rtp` the RTP timestamp of that picture, where the browser tells it
 * @typedef {"dark" | "bright" | "blurred" | "good"} Hint
 */

const QUALITY = 0.92;
// a picture that stands still gives no new frame: then the one that is shown is taken
const PATIENCE_MS = 700;
const SMALL = { width: 160, height: 90 };
const DARK = 55;
const BRIGHT = 205;
const SHARP = 18;

/**
 * Take the next picture that the video shows.
 *
 * @param {HTMLVideoElement} video
 * @returns {Promise<Shot | null>} null when nothing is shown
 */
export async function shoot(video) {
  if (!video.videoWidth) return null;
  const { canvas, shownAt, rtp } = await nextFrame(video);
  const picture = await new Promise((/** @type {(blob: Blob | null) => void} */ made) => canvas.toBlob(made, "image/jpeg", QUALITY));
  return picture && { picture, shownAt, rtp };
}

/**
 * What could be better about the picture, in a word; never a reason to refuse it.
 *
 * @param {HTMLVideoElement} video
 * @returns {Hint | null} null when nothing is shown
 */
export function hintOf(video) {
  if (!video.videoWidth) return null;
  const context = drawn(video, SMALL.width, SMALL.height).getContext("2d");
  if (!context) return null;
  return judged(luma(context.getImageData(0, 0, SMALL.width, SMALL.height).data));
}

/**
 * @param {Float32Array} grey the picture's luma from 0 to 255, row by row
 * @returns {Hint}
 */
export function judged(grey) {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  if (mean < DARK) return "dark";
  if (mean > BRIGHT) return "bright";
  return sharpness(grey) < SHARP ? "blurred" : "good";
}

/**
 * @param {HTMLVideoElement} video
 * @returns {Promise<{ canvas: HTMLCanvasElement, shownAt: number, rtp: number | null }>}
 */
function nextFrame(video) {
  const take = (/** @type {number} */ shownAt, /** @type {number | null} */ rtp) => ({
    canvas: drawn(video, video.videoWidth, video.videoHeight),
    shownAt,
    rtp,
  });
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(take(performance.now(), null)), PATIENCE_MS);
    video.requestVideoFrameCallback?.((_, frame) => {
      clearTimeout(late);
      resolve(take(frame.presentationTime, frame.rtpTimestamp ?? null));
    });
  });
}

/**
 * @param {HTMLVideoElement} video
 * @param {number} width
 * @param {number} height
 * @returns {HTMLCanvasElement}
 */
function drawn(video, width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  canvas.getContext("2d", { willReadFrequently: width === SMALL.width })?.drawImage(video, 0, 0, width, height);
  return canvas;
}

/**
 * @param {Uint8ClampedArray} dots red, green, blue, alpha
 * @returns {Float32Array}
 */
function luma(dots) {
  // ITU-R BT.601
  const of = (/** @type {number} */ at) => 0.299 * (dots[at] ?? 0) + 0.587 * (dots[at + 1] ?? 0) + 0.114 * (dots[at + 2] ?? 0);
  return Float32Array.from({ length: dots.length / 4 }, (_, place) => of(4 * place));
}

/**
 * The variance of the picture's Laplacian: small where no edge is sharp.
 *
 * @param {Float32Array} grey
 * @returns {number}
 */
function sharpness(grey) {
  const { width, height } = SMALL;
  const at = (/** @type {number} */ x, /** @type {number} */ y) => grey[y * width + x] ?? 0;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const edge = 4 * at(x, y) - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1);
      sum += edge;
      squares += edge * edge;
    }
  }
  const many = (width - 2) * (height - 2);
  return squares / many - (sum / many) ** 2;
}
