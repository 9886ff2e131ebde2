// One's own camera and microphone on the page: pictures, mute buttons, choices, and problems told in words.

/**
 * @typedef {{ id: string, label: string }} Device
 * @typedef {{ cameras: readonly Device[], microphones: readonly Device[] }} Devices
 */

/** Shows what the page is given; what the person wants is told as events by whoever listens to its buttons. */
export class OwnMedia {
  #main;

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#main = main;
  }

  /** The device ids that are chosen; empty where the browser may choose. */
  get chosen() {
    return { camera: this.#select("camera")?.value ?? "", microphone: this.#select("microphone")?.value ?? "" };
  }

  /**
   * Show one's own picture, and what is missing.
   *
   * @param {MediaStream | null} stream
   * @param {readonly string[]} problems codes `<kind>-<reason>`
   */
  show(stream, problems) {
    for (const video of this.#main.querySelectorAll("video[data-part='own-video'], video[data-part='own-preview']")) {
      /** @type {HTMLVideoElement} */ (video).srcObject = stream;
    }
    const reasons = new Set(problems.map((problem) => problem.split("-").at(-1)));
    for (const notice of this.#main.querySelectorAll("[data-problem]")) {
      /** @type {HTMLElement} */ (notice).hidden = !reasons.has(notice.getAttribute("data-problem") ?? "");
    }
  }

  /**
   * Offer what there is to choose from.
   *
   * @param {Devices} devices
   * @param {{ camera?: string, microphone?: string }} chosen
   */
  offer(devices, chosen) {
    this.#fill("camera", devices.cameras, chosen.camera);
    this.#fill("microphone", devices.microphones, chosen.microphone);
  }

  /**
   * Tell that another device was chosen.
   *
   * @param {() => void} listener
   * @param {AbortSignal} [signal] ends it
   */
  onChoice(listener, signal) {
    for (const kind of /** @type {const} */ (["camera", "microphone"])) {
      this.#select(kind)?.addEventListener("change", listener, signal ? { signal } : {});
    }
  }

  /** @param {"camera" | "microphone"} kind */
  #select(kind) {
    return /** @type {HTMLSelectElement | null} */ (this.#main.querySelector(`select[data-device="${kind}"]`));
  }

  /**
   * @param {"camera" | "microphone"} kind
   * @param {readonly Device[]} devices
   * @param {string | undefined} chosen
   */
  #fill(kind, devices, chosen) {
    const select = this.#select(kind);
    if (!select) return;
    // without a name, which a browser tells only after permission, there is nothing to choose by
    const named = devices.filter((device) => device.id && device.label);
    select.length = 1;
    for (const { id, label } of named) select.add(new Option(label, id, false, id === chosen));
  }
}
