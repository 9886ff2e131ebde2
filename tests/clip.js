/**
 * A camera and a microphone whose picture and sound are known: every second, for 100 ms, the picture flashes white and
 * the microphone beeps. Both follow one clock, the audio one: the picture is drawn when the sound gets there. (A file
 * as Chromium's fake camera and another as its microphone start apart from each other: docs/decisions/0002.)
 *
 * @typedef {object} ClipOptions
 * @property {number} width pixels
 * @property {number} height pixels
 * @property {number} framesPerSecond divides a second into equal frames, the first of them the flash's
 * @property {number} toneHz the beep's pitch: it tells whose microphone is heard
 * @property {number} grey the background between flashes, 0 to 255: it tells whose camera is seen
 */

const FLASH_SECONDS = 0.1;

/** @param {ClipOptions} options */
function installClip(options) {
  if (!navigator.mediaDevices) return;
  /** @type {Clip | undefined} */
  let clip;
  navigator.mediaDevices.getUserMedia = async (constraints = {}) => {
    if (!constraints.audio && !constraints.video) throw new TypeError("At least one of audio and video is needed");
    clip ??= new Clip(options);
    Object.assign(window, { __clip: clip });
    await clip.playing();
    const tracks = [];
    if (constraints.audio) tracks.push(clip.microphone());
    if (constraints.video) tracks.push(clip.camera());
    return new MediaStream(tracks);
  };
}

class Clip {
  /** @param {ClipOptions} options */
  constructor(options) {
    this.options = options;
    this.sound = new AudioContext({ sampleRate: 48_000, latencyHint: "interactive" });
    this.canvas = Object.assign(document.createElement("canvas"), { width: options.width, height: options.height });
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { alpha: false }));
    /** @type {Set<CanvasCaptureMediaStreamTrack>} */
    this.cameras = new Set();
    this.frame = -1;
    this.earliest = Infinity;
    /** By how much the sound ran behind the machine's clock: the machine had no time for it. */
    this.starvedMs = 0;
    this.source = this.sound.createBufferSource();
    this.source.buffer = this.#oneSecond();
    this.source.loop = true;
    this.startsAt = this.sound.currentTime + 0.1;
    this.source.start(this.startsAt);
    this.#draw();
  }

  /** Resolves once the audio clock, which everything follows, is running. */
  async playing() {
    await this.sound.resume();
  }

  /** @returns {MediaStreamTrack} */
  microphone() {
    const destination = this.sound.createMediaStreamDestination();
    destination.channelCount = 1;
    this.source.connect(destination);
    return /** @type {MediaStreamTrack} */ (destination.stream.getAudioTracks()[0]);
  }

  /** @returns {MediaStreamTrack} */
  camera() {
    const track = /** @type {CanvasCaptureMediaStreamTrack} */ (this.canvas.captureStream(0).getVideoTracks()[0]);
    this.cameras.add(track);
    return track;
  }

  #oneSecond() {
    const { sampleRate } = this.sound;
    const second = this.sound.createBuffer(1, sampleRate, sampleRate);
    const samples = second.getChannelData(0);
    for (let n = 0; n < FLASH_SECONDS * sampleRate; n += 1) {
      samples[n] = 0.5 * Math.sin((2 * Math.PI * this.options.toneHz * n) / sampleRate);
    }
    return second;
  }

  #draw = () => {
    const { framesPerSecond } = this.options;
    const now = (this.sound.currentTime - this.startsAt) * framesPerSecond;
    const frame = Math.floor(now);
    if (frame !== this.frame && frame >= 0) {
      this.frame = frame;
      this.#paint(frame);
      for (const camera of this.cameras) this.#show(camera);
      this.#time();
    }
    setTimeout(this.#draw, ((frame + 1 - now) * 1000) / framesPerSecond);
  };

  #time() {
    const behind = performance.now() - this.sound.currentTime * 1000;
    this.earliest = Math.min(this.earliest, behind);
    this.starvedMs = Math.max(this.starvedMs, behind - this.earliest);
  }

  /** @param {CanvasCaptureMediaStreamTrack} camera */
  #show(camera) {
    if (camera.readyState === "ended") this.cameras.delete(camera);
    else camera.requestFrame();
  }

  /** @param {number} frame */
  #paint(frame) {
    const { framesPerSecond, grey, height, width } = this.options;
    const inSecond = frame % framesPerSecond;
    const flash = inSecond < FLASH_SECONDS * framesPerSecond;
    this.pen.fillStyle = flash ? "white" : `rgb(${grey} ${grey} ${grey})`;
    this.pen.fillRect(0, 0, width, height);
    // a bar that crosses the picture once a second: a frozen picture is told from a still one
    this.pen.fillStyle = flash ? "white" : "black";
    this.pen.fillRect((inSecond * width) / framesPerSecond, 0, width / 16, height);
  }
}
