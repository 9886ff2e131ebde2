// Sound and picture with the other person, kept up through lost networks and workers. Never the DOM.

/**
 * @import {DescriptionRefused, MediaDescribed, MediaLost, Negotiate, OtherSends, OtherSide} from "./protocol.js"
 * @import {Timing} from "./pauses.js"
 * @import {Signalling} from "./signalling.js"
 */

import { Negotiation } from "./negotiation.js";
import { about, pause, TIMING } from "./pauses.js";
import { Sending } from "./sending.js";

/**
 * @typedef {"connecting" | "connected" | "lost" | "elsewhere"} State `elsewhere` is the last one: another page took over
 */

/**
 * This page's side of the call of one attention.
 *
 * Events, each a CustomEvent: `remote` (the other person's MediaStream, again whenever it gains a track or is another
 * one), `state` (a `State`, of the way between this page and the service), `other` (a boolean: whether the other
 * person's sound and picture reach the service), `sends` (an `OtherSends`: what the other page says that it sends).
 *
 * The newest page of a side has the call. One that another page of the same person takes it from stops by itself: if it
 * joined again, the two would take the call from each other for ever.
 */
export class Conversation extends EventTarget {
  #signalling;
  #attention;
  #stream;
  /** @type {Timing} */
  #timing;
  #peer = crypto.randomUUID();
  /**
   * Every name that this page went by: a negotiation of any other one is of another page.
   *
   * @type {Set<string>}
   */
  #ours = new Set([this.#peer]);
  #epoch = -1;
  /** @type {Negotiation | null} */
  #negotiation = null;
  #ending = new AbortController();
  /** @type {State | ""} */
  #state = "";
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #nextJoin;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #succession;
  /** @type {Set<string>} kinds */
  #muted = new Set();
  #sending;

  /**
   * @param {object} options
   * @param {Signalling} options.signalling
   * @param {string} options.attention
   * @param {MediaStream | null} options.stream what this person sends; it stays the caller's, who also ends its tracks
   * @param {Partial<Timing>} [options.timing]
   */
  constructor({ signalling, attention, stream, timing = {} }) {
    super();
    this.#signalling = signalling;
    this.#attention = attention;
    this.#stream = stream;
    this.#timing = { ...TIMING, ...timing };
    this.#sending = new Sending(signalling, attention);
    this.#sending.follow(stream);
  }

  /** Join, now or as soon as there is a connection, and stay joined until `stop`. Call it once. */
  start() {
    this.#hear("connection", (/** @type {string} */ connection) => {
      if (connection === "connected") this.#joinAgain();
    });
    this.#hear("negotiate", (/** @type {Negotiate} */ push) => this.#negotiate(push));
    this.#hear("media_described", (/** @type {MediaDescribed} */ push) => this.#described(push));
    this.#hear("description_refused", (/** @type {DescriptionRefused} */ push) => this.#refused(push));
    this.#hear("media_lost", (/** @type {MediaLost} */ push) => this.#workerLost(push));
    this.#hear("other_side", (/** @type {OtherSide} */ push) => {
      if (push.attention === this.#attention) this.#tell("other", push.connected);
    });
    this.#hear("other_sends", (/** @type {OtherSends} */ push) => {
      if (push.attention === this.#attention) this.#tell("sends", push);
    });
    this.#turn("connecting");
    void this.#join();
  }

  /** End this page's side; no event comes after. */
  stop() {
    this.#withdraw();
    this.#negotiation?.close();
  }

  /**
   * End this page's side because the call is over; no event comes after, and nothing of this person is sent.
   *
   * The connection itself ends a moment after the service has answered: if it ended first, the service would take an
   * ordinary end for a loss, and write an interruption down. It waits for the service no longer than people would.
   *
   * @param {Promise<unknown>} [known] resolves when the service has answered; without it, it told us
   */
  async leave(known = Promise.resolve()) {
    this.#withdraw();
    this.#negotiation?.fallSilent();
    if (this.#signalling.connected) {
      await Promise.race([known, pause(this.#timing.goodbye)]);
      await pause(this.#timing.farewell);
    }
    this.#negotiation?.close();
  }

  #withdraw() {
    this.#ending.abort();
    this.#sending.stop();
    clearTimeout(this.#nextJoin);
    clearTimeout(this.#patience);
    clearTimeout(this.#succession);
  }

  /**
   * Keep silent or dark, or not; holds for streams that come later too.
   *
   * @param {"audio" | "video"} kind
   * @param {boolean} muted
   */
  setMuted(kind, muted) {
    if (muted) this.#muted.add(kind);
    else this.#muted.delete(kind);
    this.#applyMuted();
  }

  /**
   * Send another stream from now on: unnoticed where it has the same kinds of tracks, else with a new negotiation.
   *
   * @param {MediaStream | null} stream
   */
  async replaceStream(stream) {
    this.#stream = stream;
    this.#applyMuted();
    if (!this.#negotiation || (await this.#negotiation.replace(stream))) return;
    this.#rename();
    await this.#join();
  }

  async #join() {
    clearTimeout(this.#nextJoin);
    // without a connection the event of the next one joins
    if (this.#ending.signal.aborted || !this.#signalling.connected) return;
    const peer = this.#peer;
    const answer = await this.#signalling.ask("join_media", { attention: this.#attention, peer });
    if (peer !== this.#peer) return;
    if (answer.ok) this.#sending.joined(peer);
    else this.#joinLater();
  }

  #joinLater() {
    clearTimeout(this.#nextJoin);
    if (this.#ending.signal.aborted) return;
    const delay = Math.min(this.#timing.longestDelay, this.#timing.firstDelay * 2 ** this.#failures);
    this.#failures += 1;
    this.#nextJoin = setTimeout(() => void this.#join(), about(delay));
  }

  #joinAgain() {
    // a living connection goes on under its name; one in the making may have missed a message, so it begins anew
    if (this.#negotiation && !this.#negotiation.connected) this.#rename();
    void this.#join();
  }

  #rename() {
    this.#peer = crypto.randomUUID();
    this.#ours.add(this.#peer);
  }

  #lose() {
    clearTimeout(this.#patience);
    this.#rename();
    this.#turn("lost");
    this.#joinLater();
  }

  /** @param {DescriptionRefused} push of a connection in the making: nobody answers it */
  #refused({ attention, peer, epoch }) {
    if (peer === this.#peer && epoch === this.#epoch && !this.#negotiation?.connected) this.#workerLost({ attention });
  }

  /** @param {MediaLost} push */
  #workerLost(push) {
    if (push.attention !== this.#attention) return;
    this.#negotiation?.close();
    this.#lose();
  }

  /** @param {Negotiate} push */
  #negotiate({ attention, peer, epoch, offers, ice_servers: iceServers }) {
    if (attention !== this.#attention) return;
    if (!this.#ours.has(peer)) this.#rival(epoch);
    if (peer !== this.#peer || epoch === this.#epoch) return;
    clearTimeout(this.#succession);
    this.#negotiation?.close();
    this.#epoch = epoch;
    this.#turn("connecting");
    this.#wait(this.#timing.negotiatedWithin);
    /** @type {ConstructorParameters<typeof Negotiation>[0]["describe"]} */
    const describe = (kind, sdp) => this.#signalling.ask("describe_media", { attention, peer, epoch, kind, sdp });
    this.#negotiation = new Negotiation({ stream: this.#stream, offers, iceServers, describe });
    this.#follow(this.#negotiation);
  }

  /**
   * A page with another name was told to make a connection: the one before this, of which this one is the next load,
   * or one that was opened after it.
   *
   * @param {number} epoch grows with time
   */
  #rival(epoch) {
    if (this.#epoch >= 0) {
      if (epoch > this.#epoch) this.#giveWay();
      return;
    }
    // this page's own turn may just be on the way
    clearTimeout(this.#succession);
    this.#succession = setTimeout(() => this.#giveWay(), this.#timing.succession);
  }

  #giveWay() {
    this.stop();
    this.#turn("elsewhere");
  }

  /** @param {Negotiation} negotiation */
  #follow(negotiation) {
    negotiation.addEventListener("remote", (event) => this.#tell("remote", detailOf(event)));
    negotiation.addEventListener("state", (event) => this.#turned(detailOf(event)));
  }

  /** @param {RTCPeerConnectionState} state */
  #turned(state) {
    if (state === "failed") this.#lose();
    if (state === "disconnected") this.#wait(this.#timing.blip);
    if (state !== "connected") return;
    clearTimeout(this.#patience);
    this.#failures = 0;
    this.#turn("connected");
  }

  /** @param {number} milliseconds */
  #wait(milliseconds) {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#lose(), about(milliseconds));
  }

  /** @param {MediaDescribed} push */
  #described({ attention, peer, epoch, kind, sdp }) {
    if (attention !== this.#attention || peer !== this.#peer || epoch !== this.#epoch) return;
    this.#negotiation?.take({ kind, sdp });
  }

  #applyMuted() {
    for (const track of this.#stream?.getTracks() ?? []) track.enabled = !this.#muted.has(track.kind);
    this.#sending.follow(this.#stream);
  }

  /** @param {State} state */
  #turn(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell("state", state);
  }

  /**
   * @param {string} name
   * @param {(detail: any) => void} react
   */
  #hear(name, react) {
    this.#signalling.addEventListener(name, (event) => react(detailOf(event)), { signal: this.#ending.signal });
  }

  /** @param {string} name @param {unknown} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {Event} event */
function detailOf(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
