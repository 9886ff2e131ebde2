// Sending a still to the service. Never the DOM.

/** @import {Acknowledgement} from "./protocol.js" */

/**
 * Keep a still of a visual identification.
 *
 * @param {{ attention: string, kind: string, csrf: string }} of
 * @param {{ picture: Blob, shownAt: number, rtp: number | null }} shot
 * @returns {Promise<Acknowledgement>} never rejects
 */
export async function sendStill({ attention, kind, csrf }, { picture, shownAt, rtp }) {
  const age = Math.max(0, Math.round(performance.now() - shownAt));
  const said = new URLSearchParams({ age: String(age), ...(rtp === null ? {} : { rtp: String(rtp) }) });
  try {
    const answer = await fetch(`/desk/visual/${attention}/stills/${kind}?${said}`, {
      method: "POST",
      headers: { "Content-Type": "image/jpeg", "X-CSRF-Token": csrf },
      body: picture,
    });
    if (answer.ok || answer.status === 409) return await answer.json();
    return { ok: false, code: answer.status === 413 ? "too_large" : "still_refused" };
  } catch {
    return { ok: false, code: "unreachable" };
  }
}
