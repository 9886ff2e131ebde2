// In the place of the real playback: no media, the same words.

export class Playback extends EventTarget {
  duration = 796.2;
  gaps = [{ from: 300, to: 342 }];
  time = 0;
  broken = true;
  /** @type {[string, number?][]} */
  asked = [];

  /** @param {{ parts: object[], elements: Record<string, HTMLMediaElement> }} given */
  constructor(given) {
    super();
    this.given = given;
    Object.assign(globalThis, { playback: this });
  }

  play() {
    this.asked.push(["play"]);
    this.tell("state", "playing");
  }

  pause() {
    this.asked.push(["pause"]);
    this.tell("state", "paused");
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.asked.push(["seek", seconds]);
    this.time = seconds;
    this.tell("time", seconds);
  }

  /** @param {number} seconds */
  show(seconds) {
    this.pause();
    this.seek(seconds);
  }

  /** @param {number} times */
  rate(times) {
    this.asked.push(["rate", times]);
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
