// Plays the four files of a recording, part after part, as one. Never the DOM beyond the elements it is given.

/**
 * @import {Gap, Part, Stretch} from "./timeline.js"
 * @import {Trouble} from "./follower.js"
 */

import { Follower } from "./follower.js";
import { Pictures, beside } from "./pictures.js";
import { gapsBetween, pictureLength, stretchAt, stretchesOf } from "./timeline.js";

/**
 * @typedef {"playing" | "paused" | "waiting" | "ended"} State `waiting` while it should play but media are missing
 * @typedef {{ track: string, code: Trouble }} Problem `blocked`: the browser wants a click first; playback is paused
 */

const TICK_MS = 50;
// a browser that has not begun to play by then will, a little late
const STARTED_WITHIN_MS = 600;
// while it stands still, people look at a picture: it must be the one of the very moment
const EXACT = 0.0002;
const NEAR = 0.02;

/**
 * One clock, and elements that follow it. Seconds count from the recording's start; gaps between parts are skipped.
 *
 * Events, each a CustomEvent: `time` (seconds), `state` (a `State`), `gap` (a `Gap` that was skipped), `problem` (a
 * `Problem`; the others play on without that track), `mended` (since a problem everything that is here plays again).
 */
export class Playback extends EventTarget {
  /** The end of the recording. */
  duration;
  /** @type {readonly Gap[]} */
  gaps;
  /** @type {Promise<void>} resolves when the beginning can be played */
  ready;
  /** @type {readonly Stretch[]} */
  #stretches;
  /** @type {Map<string, Follower>} by track */
  #followers = new Map();
  #pictures = new Pictures();
  #stepping = Promise.resolve();
  #ending = new AbortController();
  #ticking;
  #anchor = { time: 0, at: 0 };
  #rate = 1;
  #wanted = false;
  #running = false;
  /** @type {number | null} since when the elements are starting and the clock waits for them */
  #startingSince = null;
  #toldTime = 0;
  #wasBroken = false;
  /** @type {State} */
  #state = "paused";
  #becameReady = () => {};

  /**
   * @param {object} options
   * @param {readonly Part[]} options.parts
   * @param {Readonly<Record<string, HTMLMediaElement>>} options.elements by track; their sources belong to the playback
   */
  constructor({ parts, elements }) {
    super();
    this.#stretches = stretchesOf(parts);
    this.gaps = gapsBetween(this.#stretches);
    this.duration = Math.max(0, ...this.#stretches.map((stretch) => stretch.end));
    for (const [track, element] of Object.entries(elements)) {
      const complain = (/** @type {Trouble} */ code) => this.#troubled({ track, code });
      this.#followers.set(track, new Follower(element, complain, this.#ending.signal));
    }
    this.ready = new Promise((resolve) => (this.#becameReady = resolve));
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  /** Seconds since the recording's start. */
  get time() {
    const moves = this.#running && this.#startingSince === null;
    const passed = moves ? ((performance.now() - this.#anchor.at) / 1000) * this.#rate : 0;
    return Math.min(this.duration, this.#anchor.time + passed);
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** Whether a file that belongs here cannot be played. */
  get broken() {
    return [...this.#followers.values()].some((follower) => follower.broken);
  }

  /** Play on, or from the beginning if it had ended. */
  play() {
    if (this.time >= this.duration) this.#place(0);
    this.#wanted = true;
    this.#tick();
  }

  /** Stand still. */
  pause() {
    this.#wanted = false;
    this.#tick();
  }

  /**
   * Go to a time, playing or not.
   *
   * @param {number} seconds
   */
  seek(seconds) {
    // standing still, the elements go to the very place and not only near it
    this.#run(false);
    this.#place(Math.max(0, Math.min(this.duration, seconds)));
    this.#tick();
  }

  /**
   * Stand still at an instant, so that every picture is the one that was there then.
   *
   * @param {number} seconds
   */
  show(seconds) {
    this.pause();
    this.seek(seconds);
  }

  /**
   * Stand still on the next picture of anybody, or on the one before, one after the other.
   *
   * @param {number} pictures how many, back when negative
   * @returns {Promise<void>} when it is there
   */
  step(pictures) {
    this.pause();
    for (let taken = 0; taken < Math.abs(pictures); taken += 1) {
      this.#stepping = this.#stepping.then(() => this.#step(Math.sign(pictures)));
    }
    return this.#stepping;
  }

  /**
   * Play faster or slower.
   *
   * @param {number} times 1 is as it was
   */
  rate(times) {
    this.#place(this.time);
    this.#rate = times;
    this.#tick();
  }

  /** End it and let go of the elements; no event comes after. */
  close() {
    clearInterval(this.#ticking);
    this.#ending.abort();
    for (const follower of this.#followers.values()) follower.load(null);
  }

  /** @param {number} direction 1 or -1 */
  async #step(direction) {
    const stretch = stretchAt(this.#stretches, this.time) ?? this.#stretches.at(-1);
    if (!stretch) return;
    const instants = await this.#pictures.of(stretch);
    if (this.#wanted || this.#ending.signal.aborted) return;
    // without the instants, by the mean of the file
    const known = instants.length ? beside(instants, this.time, direction) : this.time + direction * pictureLength(stretch);
    this.seek(known ?? (direction > 0 ? stretch.end : await this.#lastBefore(stretch)));
  }

  /** @param {Stretch} stretch the picture before its first one is the last of the stretch before */
  async #lastBefore(stretch) {
    const before = this.#stretches[this.#stretches.indexOf(stretch) - 1];
    if (!before) return stretch.start;
    return (await this.#pictures.of(before)).at(-1) ?? before.end - pictureLength(before);
  }

  #tick() {
    if (this.#ending.signal.aborted) return;
    const stretch = stretchAt(this.#stretches, this.time);
    if (!stretch) {
      this.#end();
      return;
    }
    if (this.time < stretch.start) this.#skip(stretch);
    for (const [name, follower] of this.#followers) {
      follower.load(stretch.tracks.find(({ track }) => track === name) ?? null);
    }
    this.#follow();
    this.#tellTime();
    this.#tellMended();
  }

  #follow() {
    const { time } = this;
    const followers = [...this.#followers.values()];
    const settled = followers.map((follower) => this.#settle(follower, time)).every(Boolean);
    if (settled) this.#becameReady();
    this.#run(settled && this.#wanted);
    if (this.#running && this.#startingSince !== null) this.#start(followers, this.#startingSince);
    for (const follower of followers) {
      if (!this.#running) follower.hold();
      else if (this.#startingSince === null) follower.run(this.time, this.#rate);
    }
    const standing = this.#wanted ? "waiting" : "paused";
    this.#turn(this.#running ? "playing" : standing);
  }

  /**
   * @param {Follower} follower
   * @param {number} time
   */
  #settle(follower, time) {
    if (this.#running) return follower.settle(time);
    if (this.#wanted || !follower.track) return follower.settle(time, NEAR);
    return follower.settle(time, EXACT, this.#pictures.known(follower.track));
  }

  /** @param {boolean} running */
  #run(running) {
    if (running === this.#running) return;
    this.#place(this.time);
    this.#running = running;
    this.#startingSince = running ? performance.now() : null;
  }

  /**
   * Begin together: the clock goes on from where the elements are once all of them move.
   *
   * @param {Follower[]} followers
   * @param {number} since
   */
  #start(followers, since) {
    for (const follower of followers) follower.start(this.time, this.#rate);
    const reached = followers.map((follower) => follower.reached()).filter((time) => time !== null);
    const moving = reached.filter((time) => !Number.isNaN(time));
    if (moving.length < reached.length && performance.now() - since < STARTED_WITHIN_MS) return;
    this.#startingSince = null;
    this.#place(moving.length ? moving.reduce((sum, time) => sum + time, 0) / moving.length : this.time);
  }

  /** @param {Stretch} stretch */
  #skip(stretch) {
    const from = this.time;
    this.#place(stretch.start);
    // the first sound comes a moment after the recording's start: no gap in what was kept
    if (stretch !== this.#stretches[0]) this.#tell("gap", { from, to: stretch.start });
  }

  #end() {
    this.#run(false);
    this.#place(this.duration);
    this.#wanted = false;
    for (const follower of this.#followers.values()) follower.hold();
    this.#becameReady();
    this.#tellTime();
    this.#turn("ended");
  }

  /** @param {number} time */
  #place(time) {
    this.#anchor = { time, at: performance.now() };
  }

  /** @param {Problem} problem */
  #troubled(problem) {
    if (problem.code === "blocked") this.pause();
    this.#tell("problem", problem);
  }

  #tellMended() {
    const { broken } = this;
    if (this.#wasBroken && !broken) this.#tell("mended", null);
    this.#wasBroken = broken;
  }

  #tellTime() {
    const { time } = this;
    if (time === this.#toldTime) return;
    this.#toldTime = time;
    this.#tell("time", time);
  }

  /** @param {State} state */
  #turn(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell("state", state);
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
