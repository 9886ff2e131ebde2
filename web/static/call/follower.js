// One media element that keeps to a clock which is not its own. Its appearance is the page's business.

/** @import {Track} from "./timeline.js" */

import { Aim } from "./aim.js";

/** @typedef {"network" | "broken" | "blocked"} Trouble */

const NUDGE_FROM = 0.04;
const NUDGE_UNTIL = 0.015;
const SEEK_FROM = 0.25;
const NEAR = 0.02;
const STRONGEST_NUDGE = 0.1;

/** Plays one file after the other, each in step with the time that it is told. */
export class Follower {
  #element;
  #complain;
  /** @type {Track | null} */
  #track = null;
  #broken = false;
  #nudging = false;
  #began = 0;
  /** @type {Aim | null} */
  #aim = null;

  /**
   * @param {HTMLMediaElement} element
   * @param {(trouble: Trouble) => void} complain
   * @param {AbortSignal} signal
   */
  constructor(element, complain, signal) {
    this.#element = element;
    this.#complain = complain;
    element.preload = "auto";
    element.addEventListener("error", () => this.#failed(), { signal });
  }

  /** What it plays. */
  get track() {
    return this.#track;
  }

  /** Whether the file that it has cannot be played. */
  get broken() {
    return this.#broken;
  }

  /**
   * Take a file, or none.
   *
   * @param {Track | null} track
   */
  load(track) {
    if (track === this.#track) return;
    this.#track = track;
    this.#broken = false;
    this.#nudging = false;
    this.#aim = null;
    this.#element.pause();
    if (track) this.#element.src = track.url;
    else this.#element.removeAttribute("src");
    this.#element.load();
  }

  /**
   * Go near the place of this time and tell whether playing on from there is possible.
   *
   * @param {number} time seconds on the recording's time line
   * @param {number} tolerance seconds that it may be away from its place
   * @param {readonly number[]} [instants] of its pictures, when the very picture of this time is to be seen
   * @returns {boolean} true also when there is nothing to play at this time
   */
  settle(time, tolerance = SEEK_FROM, instants = undefined) {
    const place = this.#place(time);
    if (place === null) return true;
    if (this.#element.seeking) return false;
    if (this.#aim?.place !== place || this.#aim.instants !== instants) this.#aim = new Aim(place, instants);
    if (this.#isAway(this.#aim, tolerance)) {
      this.#aim.sent = true;
      this.#element.currentTime = this.#within(this.#aim.at);
      return false;
    }
    return this.#atEnd() || this.#element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  /**
   * Start to play, if there is anything to play at this time.
   *
   * @param {number} time seconds on the recording's time line
   * @param {number} rate
   */
  start(time, rate) {
    if (this.#place(time) === null || this.#atEnd() || !this.#element.paused) return;
    this.#nudging = false;
    this.#aim = null;
    this.#began = this.#element.currentTime;
    this.#element.playbackRate = rate;
    this.#element.play().catch((error) => this.#refused(error));
  }

  /**
   * Where it is after a start, which takes a browser a moment.
   *
   * @returns {number | null} seconds on the recording's time line; NaN before it moves; null if it does not play
   */
  reached() {
    if (!this.#track || this.#element.paused) return null;
    const { currentTime } = this.#element;
    return currentTime > this.#began ? this.#track.start + currentTime : Number.NaN;
  }

  /**
   * Play on in step.
   *
   * @param {number} time seconds on the recording's time line
   * @param {number} rate
   */
  run(time, rate) {
    const place = this.#place(time);
    if (place === null || this.#atEnd()) {
      this.hold();
      return;
    }
    this.start(time, rate);
    this.#element.playbackRate = rate * this.#nudge((this.#element.currentTime - place) / rate);
  }

  /** Stand still. */
  hold() {
    if (!this.#element.paused) this.#element.pause();
  }

  /**
   * @param {Aim} aim
   * @param {number} tolerance
   */
  #isAway(aim, tolerance) {
    if (aim.sent && aim.instants) aim.saw(shownBy(this.#element));
    const away = Math.abs(this.#element.currentTime - this.#within(aim.at));
    // a browser that stopped a little beside the place would stop there again
    return aim.sent ? away > Math.max(tolerance, NEAR) : away > tolerance || aim.instants !== undefined;
  }

  /** @param {number} drift seconds that people wait for it to be where it is already */
  #nudge(drift) {
    this.#nudging = Math.abs(drift) > (this.#nudging ? NUDGE_UNTIL : NUDGE_FROM);
    return this.#nudging ? 1 - Math.max(-STRONGEST_NUDGE, Math.min(STRONGEST_NUDGE, 2 * drift)) : 1;
  }

  /**
   * @param {number} time
   * @returns {number | null} seconds since the file's beginning; null if it has nothing at this time
   */
  #place(time) {
    if (!this.#track || this.#broken) return null;
    const place = time - this.#track.start;
    if (place < 0 || place >= this.#track.duration) return null;
    return this.#within(place);
  }

  /** @param {number} place the file may end a frame before its declared length */
  #within(place) {
    const { duration } = this.#element;
    return Number.isFinite(duration) ? Math.min(place, duration) : place;
  }

  #atEnd() {
    return this.#element.ended || this.#element.currentTime >= this.#element.duration;
  }

  #failed() {
    // taking the file away is no failure of it
    if (!this.#track) return;
    this.#broken = true;
    this.#complain(this.#element.error?.code === MediaError.MEDIA_ERR_NETWORK ? "network" : "broken");
  }

  /** @param {unknown} error */
  #refused(error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") this.#complain("blocked");
  }
}

/**
 * @param {HTMLMediaElement} element
 * @returns {number} seconds at which the picture that it shows belongs in its file; NaN while a browser does not tell
 */
function shownBy(element) {
  if (!(element instanceof HTMLVideoElement) || !("VideoFrame" in globalThis) || element.readyState < 2) return Number.NaN;
  try {
    const frame = new VideoFrame(element);
    const { timestamp } = frame;
    frame.close();
    return timestamp / 1_000_000;
  } catch {
    return Number.NaN; // it says that it has a picture before it can give it
  }
}
