// Introduces one's own camera and microphone to the page; the same in the check, at the desk and in the citizen's call.

import { listDevices, openDevices, otherCamera, remember, remembered } from "../call/devices.js";
import { OwnMedia } from "../elements/own-media.js";
import { announce, reflect } from "../elements/state.js";

/** Opens what the person chose or has. Event: `stream`, whenever `stream` is another one. */
export class OwnDevices extends EventTarget {
  /** @type {MediaStream | null} */
  stream = null;
  opened = false;
  #main;
  #own;
  #attempt = 0;

  /** @param {HTMLElement} main the scope whose `camera` and `voice` tell what became of it */
  constructor(main) {
    super();
    this.#main = main;
    this.#own = new OwnMedia(main);
    this.#own.onChoice(() => {
      remember(this.#own.chosen);
      void this.open();
    });
  }

  /** Open, or open again; what cannot be opened is told on the page. Of two attempts at once the later counts. */
  async open() {
    this.opened = true;
    release(this.stream);
    this.#attempt += 1;
    const attempt = this.#attempt;
    const { camera, microphone } = remembered();
    const { stream, problems } = await openDevices({ camera: camera || true, microphone: microphone || true });
    const devices = await listDevices();
    if (attempt !== this.#attempt) {
      release(stream);
      return;
    }
    this.stream = stream;
    this.#own.show(stream, problems);
    this.#own.offer(devices, remembered());
    const has = (/** @type {MediaStreamTrack[] | undefined} */ tracks) => (tracks?.length ? "on" : "none");
    const opened = { camera: has(stream?.getVideoTracks()), voice: has(stream?.getAudioTracks()) };
    announce(this.#main, reflect(this.#main, opened));
    this.dispatchEvent(new Event("stream"));
  }

  /** Open another camera: a phone's back one where that can be told, else the next. */
  async switchCamera() {
    const camera = otherCamera(this.stream, (await listDevices()).cameras);
    if (!camera) return;
    remember({ camera });
    await this.open();
  }

  /** Switch everything off. */
  close() {
    this.opened = false;
    this.#attempt += 1;
    release(this.stream);
    this.stream = null;
    this.#own.show(null, []);
    reflect(this.#main, { camera: "unknown", voice: "unknown" });
  }
}

/** @param {MediaStream | null} stream */
function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
