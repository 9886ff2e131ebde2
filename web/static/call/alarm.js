// The sounds that the page makes itself: the bell of the desk and the test of the speaker. Never the DOM.

const RING = [
  { hertz: 659.26, at: 0, seconds: 0.5 },
  { hertz: 523.25, at: 0.4, seconds: 0.9 },
];
const RING_EVERY_MS = 3000;
const LOUDEST = 0.2;

/**
 * A gentle bell of two tones that rings until it is stopped. A browser that was not clicked on yet keeps it silent
 * until the person does something in the page.
 */
export class Alarm {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ringing;

  /** Ring now and every three seconds; while it rings, nothing more happens. */
  start() {
    if (this.#context) return;
    const context = new AudioContext();
    this.#context = context;
    void this.#begin(context);
    this.#ringing = setInterval(() => ring(context), RING_EVERY_MS);
  }

  /** Be silent at once. */
  stop() {
    clearInterval(this.#ringing);
    void this.#context?.close();
    this.#context = null;
  }

  /** @param {AudioContext} context */
  async #begin(context) {
    try {
      await context.resume();
    } catch {
      // closed while it waited for a click
    }
    if (this.#context === context) ring(context);
  }
}

/** @param {AudioContext} context */
function ring(context) {
  if (context.state === "running") void sound(context, RING);
  // the clock of a suspended one stands still: what is given to it now would all sound at once later
  if (context.state === "suspended") context.resume().catch(() => {});
}

/** Play the bell once, for a person who checks the speaker; resolves when it has sounded. */
export async function tone() {
  const context = new AudioContext();
  await context.resume();
  await sound(context, RING);
  await context.close();
}

/**
 * @param {AudioContext} context
 * @param {{ hertz: number, at: number, seconds: number }[]} notes
 * @returns {Promise<void>} resolves when the last note has ended
 */
function sound(context, notes) {
  const played = notes.map(({ hertz, at, seconds }) => {
    const begin = context.currentTime + at;
    const note = new OscillatorNode(context, { frequency: hertz });
    const loudness = new GainNode(context, { gain: 0 });
    // rises in 20 ms and dies away: a bell, not a click
    loudness.gain.setValueAtTime(0, begin);
    loudness.gain.linearRampToValueAtTime(LOUDEST, begin + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, begin + seconds);
    note.connect(loudness).connect(context.destination);
    note.start(begin);
    note.stop(begin + seconds);
    return new Promise((resolve) => note.addEventListener("ended", resolve, { once: true }));
  });
  return Promise.all(played).then(() => undefined);
}
