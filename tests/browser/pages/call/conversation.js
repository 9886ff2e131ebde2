// In the place of the real conversation: what the page did to it is kept, and what it sends comes back to it.

export class Conversation extends EventTarget {
  /** @type {Record<string, boolean>} */
  muted = {};
  state = "new";

  /** @param {{ attention: string, stream: MediaStream | null }} options */
  constructor({ attention, stream }) {
    super();
    this.attention = attention;
    this.stream = stream;
    Object.assign(globalThis, { talk: this });
  }

  start() {
    this.state = "started";
    this.tell("state", "connected");
    if (this.stream) this.tell("remote", this.stream);
  }

  stop() {
    this.state = "stopped";
  }

  /** @param {Promise<unknown>} [known] */
  async leave(known = Promise.resolve()) {
    this.state = "leaving";
    await known;
    this.state = "stopped";
  }

  /**
   * @param {string} kind
   * @param {boolean} muted
   */
  setMuted(kind, muted) {
    this.muted[kind] = muted;
  }

  /** @param {MediaStream | null} stream */
  async replaceStream(stream) {
    this.stream = stream;
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
