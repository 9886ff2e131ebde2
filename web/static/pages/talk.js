// Introduces the call to the page, the same for both sides: the conversation and the buttons under it.

/** @import {Signalling} from "../call/signalling.js" */

import { Conversation } from "../call/conversation.js";
import { RemoteScreen, toggle } from "../elements/call-screen.js";
import { reflect } from "../elements/state.js";
import { hear } from "./hear.js";
import { OwnDevices } from "./own-devices.js";

/** @typedef {{ live: boolean, talking: boolean, attention: string }} Wanted `live`: the devices shall be open */

/** Keeps devices and conversation as the stage of the attention wants them. */
export class Talk {
  /** @type {Record<string, (button: HTMLElement) => void>} what the buttons of a call do */
  actions = {
    "mute-audio": (button) => this.#mute("audio", toggle(button)),
    "mute-video": (button) => this.#mute("video", toggle(button)),
    "choose-devices": () => this.#dialog.showModal(),
    "close-devices": () => this.#dialog.close(),
    "try-again": () => void this.#own.open(),
    "turn-sound-on": () => void this.#remote.play(),
  };
  #main;
  #signalling;
  #own;
  #remote;
  #dialog;
  /** @type {Wanted} */
  #wanted = { live: false, talking: false, attention: "" };
  #settled = Promise.resolve();
  /** @type {Conversation | null} */
  #conversation = null;
  /** @type {Map<"audio" | "video", boolean>} */
  #muted = new Map();

  /**
   * @param {HTMLElement} main
   * @param {Signalling} signalling
   */
  constructor(main, signalling) {
    this.#main = main;
    this.#signalling = signalling;
    this.#own = new OwnDevices(main);
    this.#remote = new RemoteScreen(main);
    this.#dialog = /** @type {HTMLDialogElement} */ (main.querySelector("#devices"));
    this.#own.addEventListener("stream", () => void this.#conversation?.replaceStream(this.#own.stream));
  }

  /** @param {Wanted} wanted what the page is at now; the same again changes nothing */
  follow(wanted) {
    this.#wanted = wanted;
    this.#settled = this.#settled.then(() => this.#settle());
  }

  async #settle() {
    const { live, talking, attention } = this.#wanted;
    if (!talking) this.#hangUp();
    if (!live && this.#own.opened) this.#own.close();
    if (live && !this.#own.opened) await this.#own.open();
    if (talking && !this.#conversation) this.#begin(attention);
  }

  /** @param {string} attention */
  #begin(attention) {
    const conversation = new Conversation({ signalling: this.#signalling, attention, stream: this.#own.stream });
    this.#conversation = conversation;
    hear(conversation, "remote", (stream) => void this.#remote.show(stream));
    hear(conversation, "state", (media) => reflect(this.#main, { media }));
    hear(conversation, "other", (there) => reflect(this.#main, { other: there ? "present" : "absent" }));
    for (const [kind, muted] of this.#muted) conversation.setMuted(kind, muted);
    conversation.start();
  }

  #hangUp() {
    if (!this.#conversation) return;
    this.#conversation.stop();
    this.#conversation = null;
    this.#remote.clear();
    this.#dialog.close();
  }

  /**
   * @param {"audio" | "video"} kind
   * @param {boolean} muted
   */
  #mute(kind, muted) {
    this.#muted.set(kind, muted);
    this.#conversation?.setMuted(kind, muted);
  }
}
