// What this page sends of its person, told to the other person's page through the service. Never the DOM.

/**
 * @import {TellSending} from "./protocol.js"
 * @import {Signalling} from "./signalling.js"
 */

import { about, pause } from "./pauses.js";

/** @typedef {TellSending["camera"]} Sent */

const AGAIN_MS = 2000;
/** What nothing but joining again mends; the page says it anew then. */
const UNTIL_JOINED = new Set(["stale", "no_worker", "not_talking", "session_ended"]);

/**
 * Keeps the service told of it. One word goes at a time, and the next says how it is by then: of many changes the last
 * one is what stays.
 */
export class Sending {
  #signalling;
  #attention;
  /** The name under which this page has joined; empty before. */
  #peer = "";
  /** @type {MediaStream | null} */
  #stream = null;
  #told = "";
  #underWay = false;
  #ending = new AbortController();
  #following = new AbortController();

  /**
   * @param {Signalling} signalling
   * @param {string} attention
   */
  constructor(signalling, attention) {
    this.#signalling = signalling;
    this.#attention = attention;
  }

  /**
   * The service knows this page by this name now, and perhaps nothing any more of what it sends.
   *
   * @param {string} peer
   */
  joined(peer) {
    this.#peer = peer;
    this.#told = "";
    void this.#tell();
  }

  /**
   * This is what is sent, or its tracks were silenced, darkened or let be again.
   *
   * @param {MediaStream | null} stream
   */
  follow(stream) {
    this.#following.abort();
    this.#following = new AbortController();
    this.#stream = stream;
    for (const track of stream?.getTracks() ?? []) {
      // a telephone call, a switch on the device, a cable that is pulled out
      for (const happening of ["mute", "unmute", "ended"]) {
        track.addEventListener(happening, () => void this.#tell(), { signal: this.#following.signal });
      }
    }
    void this.#tell();
  }

  /** Say nothing any more. */
  stop() {
    this.#ending.abort();
    this.#following.abort();
  }

  get #now() {
    return { peer: this.#peer, camera: sentOf(this.#stream, "video"), microphone: sentOf(this.#stream, "audio") };
  }

  async #tell() {
    if (this.#underWay) return;
    this.#underWay = true;
    while (this.#peer && !this.#ending.signal.aborted && this.#told !== JSON.stringify(this.#now)) {
      const now = this.#now;
      this.#told = JSON.stringify(now);
      const answer = await this.#signalling.ask("tell_sending", { attention: this.#attention, ...now });
      if (answer.ok || UNTIL_JOINED.has(answer.code) || !this.#signalling.connected) continue;
      this.#told = "";
      await pause(about(AGAIN_MS));
    }
    this.#underWay = false;
  }
}

/**
 * @param {MediaStream | null} stream
 * @param {"audio" | "video"} kind
 * @returns {Sent}
 */
function sentOf(stream, kind) {
  const track = stream?.getTracks().find((one) => one.kind === kind && one.readyState === "live");
  if (!track) return "none";
  return track.enabled && !track.muted ? "on" : "off";
}
