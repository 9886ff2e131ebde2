// The page's line to the service: commands that arrive once, asks, and the newest view. Never the DOM.

/**
 * @import {Acknowledgement, Asks, CitizenCommands, CitizenView, DeskCommands, DeskView, SessionEnded} from "./protocol.js"
 * @import {Socket} from "socket.io-client"
 */

import { io } from "../vendor/socket.io.esm.min.js";

/**
 * @typedef {CitizenCommands & DeskCommands} Commands
 * @typedef {CitizenView | DeskView} View
 * @typedef {"connected" | "reconnecting" | "ended"} Connection
 * @typedef {{ name: string, message: { id: string }, underWay: boolean, settle: (answer: Acknowledgement) => void }} Command
 * @typedef {{ syncEvery: number, answerWithin: number, giveUpAfter: number }} Timing milliseconds
 */

/** @type {Timing} */
const TIMING = { syncEvery: 15_000, answerWithin: 10_000, giveUpAfter: 30_000 };
const VIEWS = ["citizen_changed", "desk_changed"];
const PUSHES = ["negotiate", "media_described", "description_refused", "media_lost", "other_side", "other_sends"];

/** @returns {Acknowledgement} */
const unreachable = () => ({ ok: false, code: "unreachable" });

/**
 * One socket of one namespace, which reconnects by itself until it is closed or the session ends.
 *
 * Events, each a CustomEvent: `connection` (a `Connection`), `view` (a `View` that differs from the one before and is
 * not older), and one by the name of each push (`negotiate`, `media_described`, `description_refused`, `media_lost`, `other_side`,
 * `other_sends`, `session_ended`) with the push as its detail.
 */
export class Signalling extends EventTarget {
  /** @type {Socket} */
  #socket;
  /** @type {Timing} */
  #timing;
  /** @type {Map<string, Command>} by id, in the order in which they were given */
  #commands = new Map();
  /** @type {Connection | ""} */
  #connection = "";
  /** @type {View | null} */
  #view = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #syncing;

  /**
   * @param {"/citizen" | "/desk"} namespace
   * @param {{ path?: string, timing?: Partial<Timing> }} [options]
   */
  constructor(namespace, { path = "/socket.io", timing = {} } = {}) {
    super();
    this.#timing = { ...TIMING, ...timing };
    this.#socket = io(namespace, {
      path,
      autoConnect: false,
      forceNew: true,
      transports: ["websocket", "polling"],
      // without it the second transport is only ever an upgrade, never a way round a proxy that blocks the first
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    this.#listen();
  }

  /** Whether a message can go out now. */
  get connected() {
    return this.#socket.connected;
  }

  /** The newest view, or null before the first. */
  get view() {
    return this.#view;
  }

  /** Begin, and go on until `close` or the end of the session. */
  connect() {
    this.#socket.connect();
  }

  /** End for good; commands that were not acknowledged end as unreachable. */
  close() {
    this.#end();
  }

  /**
   * Carry a command out once: it is sent again under the same id after a lost connection or answer.
   *
   * @template {keyof Commands} Name
   * @param {Name} name
   * @param {Omit<Commands[Name], "id">} payload
   * @returns {Promise<Acknowledgement>} never rejects; code `unreachable` when no answer came in time
   */
  command(name, payload) {
    if (this.#connection === "ended") return Promise.resolve(unreachable());
    const message = { ...payload, id: crypto.randomUUID() };
    const { promise, settle } = this.#promised(message.id);
    const command = { name, message, underWay: false, settle };
    this.#commands.set(message.id, command);
    void this.#send(command);
    return promise;
  }

  /**
   * Ask something that changes nothing: one try.
   *
   * @template {keyof Asks} Name
   * @param {Name} name
   * @param {Asks[Name]} payload
   * @returns {Promise<Acknowledgement>} never rejects; code `unreachable` when no answer came
   */
  async ask(name, payload) {
    // sent while disconnected, the library would keep it and send it much later
    if (!this.#socket.connected) return unreachable();
    try {
      return await this.#socket.timeout(this.#timing.answerWithin).emitWithAck(name, payload);
    } catch {
      return unreachable();
    }
  }

  /** @param {string} id */
  #promised(id) {
    /** @type {(answer: Acknowledgement) => void} */
    let resolve;
    /** @type {Promise<Acknowledgement>} */
    const promise = new Promise((given) => (resolve = given));
    const patience = setTimeout(() => settle(unreachable()), this.#timing.giveUpAfter);
    const settle = (/** @type {Acknowledgement} */ answer) => {
      clearTimeout(patience);
      this.#commands.delete(id);
      resolve(answer);
    };
    return { promise, settle };
  }

  /** @param {Command} command */
  async #send(command) {
    while (this.#socket.connected && !command.underWay && this.#commands.has(command.message.id)) {
      command.underWay = true;
      try {
        const answer = await this.#socket.timeout(this.#timing.answerWithin).emitWithAck(command.name, command.message);
        command.settle(answer);
      } catch {
        // no answer: again now if the connection stands, else when it is back
      }
      command.underWay = false;
    }
  }

  #listen() {
    const socket = this.#socket;
    socket.on("connect", () => this.#connected());
    socket.on("disconnect", (reason) => this.#disconnected(reason));
    socket.on("connect_error", () => this.#refused());
    socket.on("session_ended", (/** @type {SessionEnded} */ push) => {
      this.#tell("session_ended", push);
      this.#end();
    });
    for (const name of VIEWS) {
      socket.on(name, (/** @type {{ view: View }} */ push) => this.#keep(push.view));
    }
    for (const name of PUSHES) {
      socket.on(name, (push) => this.#tell(name, push));
    }
  }

  #connected() {
    this.#turn("connected");
    void this.#sync();
    clearInterval(this.#syncing);
    this.#syncing = setInterval(() => void this.#sync(), this.#timing.syncEvery);
    for (const command of this.#commands.values()) void this.#send(command);
  }

  /** @param {string} reason */
  #disconnected(reason) {
    clearInterval(this.#syncing);
    if (this.#connection === "ended") return;
    this.#turn("reconnecting");
    // the one case in which the library does not come back by itself; a session that ended is then refused
    if (reason === "io server disconnect") setTimeout(() => this.#comeBack(), 1000);
  }

  #comeBack() {
    if (this.#connection !== "ended") this.#socket.connect();
  }

  #refused() {
    // inactive means that the service itself refused this person; otherwise the network did, and it goes on trying
    if (!this.#socket.active) this.#end();
    else this.#turn("reconnecting");
  }

  #end() {
    clearInterval(this.#syncing);
    this.#turn("ended");
    this.#socket.disconnect();
    for (const command of [...this.#commands.values()]) command.settle(unreachable());
  }

  async #sync() {
    const answer = await this.ask("sync", { revision: this.#view?.revision ?? 0 });
    if (!answer.ok && answer.code === "session_ended") this.#end();
  }

  /** @param {View} view */
  #keep(view) {
    const known = this.#view;
    if (known && view.revision < known.revision) return;
    // the same revision may show something else, such as who is present
    if (known && JSON.stringify(known) === JSON.stringify(view)) return;
    this.#view = view;
    this.#tell("view", view);
  }

  /** @param {Connection} connection */
  #turn(connection) {
    if (this.#connection === connection) return;
    this.#connection = connection;
    this.#tell("connection", connection);
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
