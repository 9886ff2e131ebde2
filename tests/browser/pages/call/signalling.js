// In the place of the real line to the service: a test says what comes, and sees what was sent.

export class Signalling extends EventTarget {
  connected = true;
  /** @type {[string, object][]} */
  said = [];
  /** @type {{ ok: boolean, code?: string, document?: string, seconds?: number }} */
  answer = { ok: true };

  /** @param {string} namespace */
  constructor(namespace) {
    super();
    this.namespace = namespace;
    Object.assign(globalThis, { line: this });
  }

  connect() {
    this.tell("connection", "connected");
  }

  close() {
    this.tell("connection", "ended");
  }

  /**
   * @param {string} name
   * @param {object} payload
   */
  async command(name, payload) {
    this.said.push([name, payload]);
    return this.answer;
  }

  /**
   * @param {string} name
   * @param {object} payload
   */
  async ask(name, payload) {
    if (name === "reveal_identity") this.said.push([name, payload]);
    return name === "reveal_identity" ? this.answer : { ok: true };
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
