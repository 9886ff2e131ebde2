// The other person on the page, and the buttons that stay pressed.

import { announce, part, reflect } from "./state.js";

/** @typedef {"on" | "off" | "none"} Sent */

// the first picture of a slow line may take some seconds
const PICTURE_PATIENCE_MS = 6000;

/** The large picture of a call, with its sound. */
export class RemoteScreen {
  #main;
  #video;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #looking;

  /** @param {HTMLElement} main the scope whose `sound` tells whether the browser lets it be heard, and `picture` whether one came */
  constructor(main) {
    this.#main = main;
    this.#video = part(main, "remote-video", HTMLVideoElement);
    this.#video.addEventListener("resize", () => this.look());
  }

  /** Tell whether there is a picture; one that has not come yet is waited for. */
  look() {
    clearTimeout(this.#looking);
    const there = this.#video.videoWidth > 0;
    reflect(this.#main, { picture: there ? "on" : "unknown" });
    if (there) return;
    this.#looking = setTimeout(() => announce(this.#main, reflect(this.#main, { picture: "none" })), PICTURE_PATIENCE_MS);
  }

  /** @param {MediaStream} stream what the other person sends; the same again when it gained a track */
  async show(stream) {
    if (this.#video.srcObject !== stream) this.#video.srcObject = stream;
    await this.play();
  }

  /** Play, which some browsers allow only after a click of the person. */
  async play() {
    try {
      await this.#video.play();
      reflect(this.#main, { sound: "on" });
    } catch (error) {
      // a stream that was replaced meanwhile rejects too, and is no refusal
      const refused = error instanceof DOMException && error.name === "NotAllowedError";
      if (refused) reflect(this.#main, { sound: "blocked" });
    }
  }

  /**
   * Tell what the other person has stopped, or has not, and that it is on again.
   *
   * @param {{ camera: Sent, microphone: Sent }} sends
   */
  tell({ camera, microphone }) {
    const { othercamera = "", othervoice = "" } = this.#main.dataset;
    const told = { othercamera: since(othercamera, camera), othervoice: since(othervoice, microphone) };
    announce(this.#main, reflect(this.#main, told));
  }

  /**
   * Nothing comes any more.
   *
   * @param {"idle" | "left" | "elsewhere" | "ended"} media why
   */
  clear(media) {
    this.#video.srcObject = null;
    clearTimeout(this.#looking);
    const nothing = { other: "unknown", sound: "on", picture: "unknown", othercamera: "unknown", othervoice: "unknown" };
    announce(this.#main, reflect(this.#main, { media, ...nothing }));
  }
}

/**
 * @param {string} before the word that stood
 * @param {Sent} now
 * @returns {Sent | "back"} `back` while what was off, or missing, is on again
 */
function since(before, now) {
  return now === "on" && ["off", "none", "back"].includes(before) ? "back" : now;
}

/**
 * Press or release a button that stays pressed.
 *
 * @param {HTMLElement} button
 * @returns {boolean} whether it is pressed now
 */
export function toggle(button) {
  const pressed = button.getAttribute("aria-pressed") !== "true";
  press(button, pressed);
  return pressed;
}

/**
 * @param {Element | null} button
 * @param {boolean} pressed
 */
export function press(button, pressed) {
  button?.setAttribute("aria-pressed", String(pressed));
}
