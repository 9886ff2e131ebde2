// Cameras, microphones and speakers: opening what there is and saying what is wrong. Never the DOM.

/**
 * @typedef {"camera" | "microphone"} Kind
 * @typedef {"denied" | "missing" | "busy" | "insecure" | "failed"} Reason
 * @typedef {`${Kind}-${Reason}`} Problem
 * @typedef {{ id: string, label: string }} Device `label` is empty until the person has allowed devices of its kind
 * @typedef {{ cameras: Device[], microphones: Device[], speakers: Device[] }} Devices
 * @typedef {Partial<Record<Kind | "speaker", string>>} Choice device ids
 * @typedef {Partial<Record<Kind, boolean | string>>} Wish whether, or by its device id which, is wanted
 */

const KEY = "call-devices";
// how browsers and systems name the camera at the back, in the languages of our phones
const BACK = /back|rear|environment|traser|posterior|darrer/i;
/** @type {Readonly<Record<string, Reason>>} by the name of the browser's error */
const REASONS = {
  NotAllowedError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
  SecurityError: "insecure",
};
/** @type {Readonly<Record<Kind, MediaTrackConstraints>>} */
const CONSTRAINTS = {
  camera: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } },
};

/**
 * Open what is wanted; what cannot be opened is left out and said.
 *
 * @param {Wish} wish
 * @returns {Promise<{ stream: MediaStream | null, problems: Problem[] }>} never rejects
 */
export async function openDevices(wish) {
  const kinds = wanted(wish);
  if (!kinds.length) return { stream: null, problems: [] };
  // outside https and localhost browsers hide the devices altogether
  if (!navigator.mediaDevices) return { stream: null, problems: kinds.map((kind) => problem(kind, "insecure")) };
  const together = await attempt(kinds, wish);
  if (together.stream) return { stream: together.stream, problems: [] };
  return openOneByOne(kinds, wish, together.reason);
}

/** @returns {Promise<Devices>} what is plugged in, as far as the browser tells before and after permission */
export async function listDevices() {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const of = (/** @type {MediaDeviceKind} */ kind) =>
    found.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { cameras: of("videoinput"), microphones: of("audioinput"), speakers: of("audiooutput") };
}

/**
 * Tell ten times a second how loud a stream is, from 0 (silence) to 1 (as loud as can be).
 *
 * @param {MediaStream} stream
 * @param {(level: number) => void} callback
 * @param {AbortSignal} signal ends it
 */
export function watchLevel(stream, callback, signal) {
  if (signal.aborted || !stream.getAudioTracks().length) return;
  const context = new AudioContext();
  void context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const watching = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    callback(loudness(samples));
  }, 100);
  signal.addEventListener("abort", () => {
    clearInterval(watching);
    void context.close();
  });
}

/**
 * Another camera than the one that is open: the back one of a phone from its front one, else the next of the list.
 *
 * @param {MediaStream | null} stream
 * @param {readonly Device[]} cameras
 * @returns {string} its id; empty when there is no other
 */
export function otherCamera(stream, cameras) {
  const open = stream?.getVideoTracks()[0]?.getSettings() ?? {};
  const others = cameras.filter(({ id }) => id && id !== open.deviceId);
  const back = others.find(({ label }) => BACK.test(label));
  if (open.facingMode !== "environment" && back) return back.id;
  const place = cameras.findIndex(({ id }) => id === open.deviceId);
  return [...cameras.slice(place + 1), ...others].find(({ id }) => id && id !== open.deviceId)?.id ?? "";
}

/** @returns {Choice} the devices chosen before in this tab */
export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * Keep the chosen devices for the next page of this tab; kinds that are not named stay as they were.
 *
 * @param {Choice} choice
 */
export function remember(choice) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...remembered(), ...choice }));
  } catch {
    // a browser that stores nothing asks again on the next page
  }
}

/**
 * @param {Kind} kind
 * @param {Reason} reason
 * @returns {Problem}
 */
const problem = (kind, reason) => `${kind}-${reason}`;

/**
 * @param {Wish} wish
 * @returns {Kind[]}
 */
function wanted(wish) {
  return /** @type {const} */ (["camera", "microphone"]).filter((kind) => wish[kind]);
}

/**
 * @param {Kind[]} kinds
 * @param {Wish} wish
 * @returns {Promise<{ stream: MediaStream | null, reason: Reason }>}
 */
async function attempt(kinds, wish) {
  const constraints = {
    video: kinds.includes("camera") && constraintsOf("camera", wish),
    audio: kinds.includes("microphone") && constraintsOf("microphone", wish),
  };
  try {
    return { stream: await navigator.mediaDevices.getUserMedia(constraints), reason: "failed" };
  } catch (error) {
    return { stream: null, reason: reasonOf(error) };
  }
}

/**
 * @param {Kind} kind
 * @param {Wish} wish
 * @returns {MediaTrackConstraints}
 */
function constraintsOf(kind, wish) {
  const id = wish[kind];
  // exact, because Chromium takes its default microphone instead of an ideal one
  if (typeof id === "string") return { ...CONSTRAINTS[kind], deviceId: { exact: id } };
  return kind === "camera" ? { ...CONSTRAINTS.camera, facingMode: "user" } : CONSTRAINTS.microphone;
}

/**
 * @param {Kind[]} kinds
 * @param {Wish} wish
 * @param {Reason} reason why they could not be opened together
 * @returns {Promise<{ stream: MediaStream | null, problems: Problem[] }>}
 */
async function openOneByOne(kinds, wish, reason) {
  const tracks = [];
  /** @type {Problem[]} */
  const problems = [];
  for (const kind of kinds) {
    // the only one was tried a moment ago, and some browsers would ask the person again
    const first = kinds.length > 1 ? await attempt([kind], wish) : { stream: null, reason };
    const opened = gone(kind, wish, first.reason) ? await attempt([kind], { [kind]: true }) : first;
    if (opened.stream) tracks.push(...opened.stream.getTracks());
    else problems.push(problem(kind, opened.reason));
  }
  return { stream: tracks.length ? new MediaStream(tracks) : null, problems };
}

/**
 * Whether the device that was chosen is not there any more, so that another of its kind may be.
 *
 * @param {Kind} kind
 * @param {Wish} wish
 * @param {Reason} reason
 */
function gone(kind, wish, reason) {
  return reason === "missing" && typeof wish[kind] === "string";
}

/**
 * @param {unknown} error
 * @returns {Reason}
 */
function reasonOf(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return REASONS[name] ?? "failed";
}

/**
 * @param {Float32Array} samples
 * @returns {number}
 */
function loudness(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  // people hear in decibels: from -60 dB, a silent room, to 0 dB
  return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power || 1e-12)) / 60));
}
