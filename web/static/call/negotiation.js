// One negotiation with the media worker: one RTCPeerConnection for one epoch. Never the DOM.

/** @import {IceServer, MediaDescribed} from "./protocol.js" */

const KINDS = /** @type {const} */ (["audio", "video"]);
// every medium on one transport: the worker has a single port, and none of the browser's candidates interests it
/** @type {RTCConfiguration} */
const CONFIGURATION = { bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" };
const HINTS = { audio: "speech", video: "motion" };
// 720p of a person who talks needs no more; left alone a browser climbs to 4 Mbit/s and starves a thin uplink
const MOST_BITS_PER_SECOND = { audio: 64_000, video: 1_700_000 };

/**
 * Sends a stream's first sound and first picture and receives the other side's, whatever is missing of either.
 *
 * Events, each a CustomEvent: `remote` (the MediaStream from the other side, again for every track that arrives),
 * `state` (an RTCPeerConnectionState).
 */
export class Negotiation extends EventTarget {
  #connection;
  #remote = new MediaStream();
  #ending = new AbortController();
  /** @type {(kind: MediaDescribed["kind"], sdp: string) => Promise<unknown>} */
  #describe;
  /** @type {Map<string, RTCRtpSender>} by kind */
  #senders = new Map();
  /** @type {Promise<void>} descriptions are taken one after the other */
  #steps = Promise.resolve();

  /**
   * @param {object} options
   * @param {MediaStream | null} options.stream what to send; null for a person without camera and microphone
   * @param {boolean} options.offers whether this side begins
   * @param {(kind: MediaDescribed["kind"], sdp: string) => Promise<unknown>} options.describe passes a description on
   * @param {readonly IceServer[]} [options.iceServers] relays, for where no direct way leads to the worker
   */
  constructor({ stream, offers, describe, iceServers = [] }) {
    super();
    const relays = iceServers.map(({ urls, ...opened }) => ({ urls: [...urls], ...opened }));
    this.#connection = new RTCPeerConnection({ ...CONFIGURATION, iceServers: relays });
    this.#describe = describe;
    this.#listen();
    this.#add(stream, offers);
    if (offers) this.#step(() => this.#offer());
  }

  /** Whether sound and picture can flow now. */
  get connected() {
    return this.#connection.connectionState === "connected";
  }

  /**
   * Take the other side's description; an offer is answered.
   *
   * @param {Pick<MediaDescribed, "kind" | "sdp">} description
   */
  take({ kind, sdp }) {
    this.#step(async () => {
      await this.#connection.setRemoteDescription({ type: kind, sdp });
      if (kind === "offer") await this.#answer();
    });
  }

  /**
   * Send another stream instead, without negotiating.
   *
   * @param {MediaStream | null} stream
   * @returns {Promise<boolean>} false, and nothing changed, if it has other kinds of tracks than were negotiated
   */
  async replace(stream) {
    if (KINDS.some((kind) => this.#senders.has(kind) !== Boolean(firstTrack(stream, kind)))) return false;
    const replaced = [...this.#senders].map(([kind, sender]) => sender.replaceTrack(hinted(firstTrack(stream, kind))));
    return (await Promise.allSettled(replaced)).every(({ status }) => status === "fulfilled");
  }

  /** Send nothing any more, and tell nothing; the connection stays until `close`. */
  fallSilent() {
    this.#ending.abort();
    // a connection that has ended by itself sends nothing either
    for (const sender of this.#senders.values()) void sender.replaceTrack(null).catch(() => undefined);
  }

  /** End it; no event comes after. */
  close() {
    this.#ending.abort();
    this.#connection.close();
  }

  #listen() {
    const { signal } = this.#ending;
    this.#connection.addEventListener("track", ({ track }) => this.#arrived(track), { signal });
    this.#connection.addEventListener("connectionstatechange", () => this.#turned(), { signal });
  }

  /**
   * @param {MediaStream | null} stream
   * @param {boolean} offers
   */
  #add(stream, offers) {
    for (const kind of KINDS) {
      const track = hinted(firstTrack(stream, kind));
      if (stream && track) this.#senders.set(kind, this.#connection.addTrack(track, stream));
      // who answers receives what is offered anyway; who offers must say that there is room for it
      else if (offers) this.#connection.addTransceiver(kind, { direction: "recvonly" });
    }
  }

  async #offer() {
    preferVp8(this.#connection);
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    await this.#tellOwn();
  }

  async #answer() {
    preferVp8(this.#connection);
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    await this.#tellOwn();
  }

  async #tellOwn() {
    const own = this.#connection.localDescription;
    if (own && (own.type === "offer" || own.type === "answer")) await this.#describe(own.type, own.sdp);
  }

  /** @param {() => Promise<void>} step */
  #step(step) {
    this.#steps = this.#steps.then(async () => {
      if (this.#ending.signal.aborted) return;
      try {
        await step();
      } catch (error) {
        // whoever made this negotiation waits for `connected` with a limit, and begins another one
        if (!this.#ending.signal.aborted) console.warn("a description could not be taken:", error);
      }
    });
  }

  /** @param {MediaStreamTrack} track */
  #arrived(track) {
    this.#remote.addTrack(track);
    this.dispatchEvent(new CustomEvent("remote", { detail: this.#remote }));
  }

  #turned() {
    if (this.connected) for (const sender of this.#senders.values()) void limitBits(sender);
    this.dispatchEvent(new CustomEvent("state", { detail: this.#connection.connectionState }));
  }
}

/**
 * @param {MediaStream | null} stream
 * @param {string} kind
 * @returns {MediaStreamTrack | null}
 */
function firstTrack(stream, kind) {
  return stream?.getTracks().find((track) => track.kind === kind && track.readyState === "live") ?? null;
}

/** @param {MediaStreamTrack | null} track */
function hinted(track) {
  // a track that says already what it shows, such as a screen, knows better
  if (track && "contentHint" in track && !track.contentHint) track.contentHint = HINTS[kindOf(track)];
  return track;
}

/** @param {{ kind: string }} track */
function kindOf({ kind }) {
  return kind === "audio" ? "audio" : "video";
}

/** @param {RTCPeerConnection} connection */
function preferVp8(connection) {
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  const vp8First = codecs.toSorted((one, other) => Number(isVp8(other)) - Number(isVp8(one)));
  for (const transceiver of connection.getTransceivers()) {
    if (transceiver.receiver.track.kind !== "video" || !("setCodecPreferences" in transceiver)) continue;
    transceiver.setCodecPreferences(vp8First);
  }
}

/** @param {{ mimeType: string }} codec */
function isVp8({ mimeType }) {
  return mimeType.toLowerCase() === "video/vp8";
}

/** @param {RTCRtpSender} sender */
async function limitBits(sender) {
  if (!sender.track) return;
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings ?? []) {
    encoding.maxBitrate = MOST_BITS_PER_SECOND[kindOf(sender.track)];
  }
  try {
    await sender.setParameters(parameters);
  } catch {
    // a browser that refuses a limit still adapts to what the network gives
  }
}
