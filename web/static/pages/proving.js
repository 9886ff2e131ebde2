// Introduces the steps of a level to the desk: propose, ask, witness, hear, and how large the citizen's picture is.

/** @import {AttendedSeen} from "../call/protocol.js" */
/** @import {Signalling} from "../call/signalling.js" */
/** @import {Action} from "../elements/actions.js" */

import { part, reflect } from "../elements/state.js";
import { WitnessDialog } from "../elements/witness-dialog.js";

/** What the buttons of the level's panel do. */
export class Proving {
  /** @type {Record<string, Action>} */
  actions = {
    "propose-assisted": () => this.#signalling.command("propose_level", { ...this.#its, level: "assisted" }),
    "propose-attended": () => this.#signalling.command("propose_level", { ...this.#its, level: "attended" }),
    "drop-proposal": () => this.#signalling.command("drop_proposal", this.#its),
    "lower-level": () => this.#signalling.command("lower_level", this.#its),
    "ask-identification": () => this.#signalling.command("ask_identification", { ...this.#its, way: "electronic" }),
    "stop-identification": () => this.#signalling.command("stop_identification", this.#its),
    "ask-consent": () => this.#signalling.command("ask_consent", this.#its),
    "end-clip": () => this.#hear(),
    "clip-heard": () => void reflect(this.#main, { heard: "yes" }),
    "clip-again": () => this.#again(),
    "witness": () => this.#witness.open(),
    "close-witness": () => this.#witness.close(),
    "witness-accept": () => this.#answer("accept"),
    "witness-refuse": () => this.#answer("refuse"),
  };
  #main;
  #signalling;
  #witness;
  #video;
  /** @type {AttendedSeen | null} */
  #seen = null;
  #told = -1;

  /**
   * @param {HTMLElement} main
   * @param {Signalling} signalling
   */
  constructor(main, signalling) {
    this.#main = main;
    this.#signalling = signalling;
    this.#witness = new WitnessDialog(main);
    this.#video = part(main, "remote-video", HTMLVideoElement);
    this.#video.addEventListener("resize", () => this.#measure());
  }

  /** @param {AttendedSeen | null} seen what the desk shows now */
  follow(seen) {
    if (seen?.attention !== this.#seen?.attention) this.#told = -1;
    if (seen?.level !== "assisted") reflect(this.#main, { heard: "no" });
    this.#seen = seen;
    if (!seen?.consent_id) this.#witness.close();
    this.#measure();
  }

  get #its() {
    return { attention: this.#main.dataset["attention"] ?? "" };
  }

  /** An authorisation that was heard needs no question about it. */
  async #hear() {
    const answer = await this.#signalling.command("end_clip", this.#its);
    if (answer.ok) reflect(this.#main, { heard: "yes" });
    return answer;
  }

  /** An authorisation that was not said in its time is asked for as if it were the first one. */
  async #again() {
    const lowered = await this.#signalling.command("lower_level", this.#its);
    return lowered.ok ? this.#signalling.command("propose_level", { ...this.#its, level: "assisted" }) : lowered;
  }

  /** @param {"accept" | "refuse"} answer */
  #answer(answer) {
    const { note } = this.#witness;
    const consent = this.#seen?.consent_id ?? "";
    if (!note || !consent) return undefined;
    this.#witness.close();
    return this.#signalling.command("witness_consent", { ...this.#its, consent, answer, note });
  }

  /** Tell the service how many lines the citizen's picture has, when the level that is aimed at asks for it. */
  #measure() {
    const seen = this.#seen;
    const lines = this.#video.videoHeight;
    if (!seen?.picture || !seen.proposed || !lines || lines === this.#told) return;
    const wanting = seen.missing.includes("picture");
    if (!wanting && lines >= seen.picture) return;
    this.#told = lines;
    void this.#signalling.command("see_picture", { ...this.#its, lines });
  }
}
