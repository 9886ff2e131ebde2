// Handing over a file in the call. Never the DOM.

/** @import {Acknowledgement} from "./protocol.js" */

/**
 * Give a file to the other side.
 *
 * @param {string} address where it goes
 * @param {string} csrf the session's own token
 * @param {File} file
 * @returns {Promise<Acknowledgement>}
 */
export async function handOver(address, csrf, file) {
  const form = new FormData();
  form.append("csrf", csrf);
  form.append("file", file, file.name);
  try {
    const answer = await fetch(address, { method: "POST", body: form, credentials: "same-origin" });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
    return { ok: false, code: answer.status === 413 ? "document_too_large" : "unexpected" };
  } catch {
    return { ok: false, code: "unreachable" };
  }
}
