// Introduces the call to the page, the same for both sides: the conversation and the buttons under it.

/** @import {Acknowledgement} from "../call/protocol.js" */
/** @import {Signalling} from "../call/signalling.js" */

import { Conversation } from "../call/conversation.js";
import { RemoteScreen, toggle } from "../elements/call-screen.js";
import { reflect } from "../elements/state.js";
import { hear } from "./hear.js";
import { Muted } from "./muted.js";
import { OwnDevices } from "./own-devices.js";

/** @typedef {{ live: boolean, talking: boolean, attention: string }} Wanted `live`: the devices shall be open */

// a question of the browser that nobody answers must not keep two people from talking; the stream joins later
const PROMPT_PATIENCE_MS = 3000;

/** Keeps devices and conversation as the stage of the attention wants them. */
export class Talk {
  /** @type {Record<string, (button: HTMLElement) => void>} what the buttons of a call do */
  actions = {
    "mute-audio": (button) => this.#mute("audio", toggle(button)),
    "mute-video": (button) => this.#mute("video", toggle(button)),
    "choose-devices": () => this.#dialog.showModal(),
    "close-devices": () => this.#dialog.close(),
    "try-again": () => void this.#own.open(),
    "switch-camera": () => void this.#own.switchCamera(),
    "turn-sound-on": () => void this.#remote.play(),
    "bring-here": () => this.#bringHere(),
  };
  #main;
  #signalling;
  #own;
  #remote;
  #dialog;
  /** @type {Wanted} */
  #wanted = { live: false, talking: false, attention: "" };
  /** Resolves when the devices are open, or when people have waited long enough for them. */
  #ready = Promise.resolve();
  /** @type {Conversation | null} */
  #conversation = null;
  /** The attention of the conversation, or the last one. */
  #attention = "";
  /** The attention whose call this page is out of though it goes on; empty when there is none. */
  #outOf = "";
  #ended = false;
  #withheld = false;
  #muted;

  /**
   * @param {HTMLElement} main
   * @param {Signalling} signalling
   */
  constructor(main, signalling) {
    this.#main = main;
    this.#signalling = signalling;
    this.#own = new OwnDevices(main);
    this.#remote = new RemoteScreen(main);
    this.#muted = new Muted(main);
    this.#dialog = /** @type {HTMLDialogElement} */ (main.querySelector("#devices"));
    this.#own.addEventListener("stream", () => void this.#conversation?.replaceStream(this.#own.stream));
    hear(signalling, "connection", (connection) => connection === "ended" && this.#end());
  }

  /** @param {Wanted} wanted what the page is at now; the same again changes nothing */
  follow(wanted) {
    this.#wanted = wanted;
    if (this.#ended) return;
    const { live, talking, attention } = wanted;
    const over = !talking || attention !== this.#attention;
    if (over && (this.#conversation || this.#outOf)) this.#part("idle");
    if (over) this.#outOf = "";
    if (!live && this.#own.opened) this.#own.close();
    if (this.#outOf) return;
    if (live && !this.#own.opened) this.#ready = atMost(this.#own.open(), PROMPT_PATIENCE_MS);
    if (talking) void this.#ready.then(() => this.#begin());
  }

  /**
   * Be out of the call at once, whatever the service knows of it yet.
   *
   * @param {Promise<Acknowledgement>} outcome what the service says to it
   * @returns {Promise<Acknowledgement>} the same
   */
  leave(outcome) {
    this.#part("left", outcome);
    this.#stayOut();
    return outcome;
  }

  /**
   * Send neither sound nor picture, whatever the buttons say.
   *
   * @param {boolean} withheld
   */
  setWithheld(withheld) {
    this.#withheld = withheld;
    this.#applyMuted();
  }

  #begin() {
    const { talking, attention } = this.#wanted;
    if (!talking || this.#conversation || this.#outOf || this.#ended) return;
    const conversation = new Conversation({ signalling: this.#signalling, attention, stream: this.#own.stream });
    this.#conversation = conversation;
    this.#attention = attention;
    hear(conversation, "remote", (stream) => void this.#remote.show(stream));
    hear(conversation, "state", (media) => this.#turned(media));
    hear(conversation, "other", (there) => reflect(this.#main, { other: there ? "present" : "absent" }));
    hear(conversation, "sends", (sends) => this.#remote.tell(sends));
    this.#applyMuted();
    conversation.start();
  }

  /** @param {string} media a state of the conversation */
  #turned(media) {
    if (media !== "elsewhere") {
      reflect(this.#main, { media });
      if (media === "connected") this.#remote.look();
      return;
    }
    this.#hangUp("elsewhere");
    this.#stayOut();
  }

  #stayOut() {
    this.#attention = this.#wanted.attention;
    this.#outOf = this.#attention;
    // the other window may need the camera, which some machines give to one page only
    this.#own.close();
  }

  #bringHere() {
    this.#outOf = "";
    this.#remote.clear("idle");
    // the button that was pressed is gone: whoever uses the keyboard goes on at the call's buttons
    this.#focus("mute-audio");
    this.follow(this.#wanted);
    // without a microphone there is none to mute
    void this.#ready.then(() => this.#focus("choose-devices"));
  }

  /** @param {string} action the button that gets the focus, unless another one has it */
  #focus(action) {
    const focused = document.activeElement;
    if (focused && focused !== document.body && focused.checkVisibility()) return;
    /** @type {HTMLElement | null} */ (this.#main.querySelector(`[data-action="${action}"]`))?.focus();
  }

  #end() {
    this.#ended = true;
    this.#hangUp("ended");
    this.#own.close();
  }

  /** @param {"elsewhere" | "ended"} media what is so from now on */
  #hangUp(media) {
    this.#conversation?.stop();
    this.#beWithout(media);
  }

  /**
   * The call is over.
   *
   * @param {"idle" | "left"} media what is so from now on
   * @param {Promise<unknown>} [known] resolves when the service knows it; without it, it said so
   */
  #part(media, known) {
    void this.#conversation?.leave(known);
    this.#beWithout(media);
  }

  /** @param {"idle" | "left" | "elsewhere" | "ended"} media */
  #beWithout(media) {
    this.#conversation = null;
    this.#dialog.close();
    this.#remote.clear(media);
  }

  /**
   * @param {"audio" | "video"} kind
   * @param {boolean} muted
   */
  #mute(kind, muted) {
    this.#muted.set(kind, muted);
    this.#applyMuted();
  }

  #applyMuted() {
    for (const kind of /** @type {const} */ (["audio", "video"])) {
      this.#conversation?.setMuted(kind, this.#withheld || this.#muted.has(kind));
    }
  }
}

/**
 * @param {Promise<void>} done
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
function atMost(done, milliseconds) {
  return Promise.race([done, new Promise((/** @type {(none: void) => void} */ resolve) => setTimeout(resolve, milliseconds))]);
}
