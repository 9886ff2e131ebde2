// Comparing a recording with its seal, while the page stays where it is.

import { CheckPanel } from "../elements/check-panel.js";
import { hear } from "./hear.js";

const LOOK_EVERY_MS = 400;
const found = document.querySelector('[data-part="check"]');
if (found instanceof HTMLElement) {
  const panel = new CheckPanel(found);
  hear(panel, "ask", () => tell(panel, { method: "POST", body: panel.form }));
  if (panel.goesOn) tell(panel);
}

/**
 * Show how it goes until it is over.
 *
 * @param {CheckPanel} panel
 * @param {RequestInit} [request]
 */
async function tell(panel, request) {
  try {
    const answer = await fetch(panel.address, { ...request, headers: { Accept: "application/json" } });
    panel.show(answer.ok ? await answer.json() : FAILED);
  } catch {
    panel.show(FAILED);
  }
  if (panel.goesOn) setTimeout(() => tell(panel), LOOK_EVERY_MS);
}

const FAILED = { stage: "failed", files: 0, read: 0, faults: [] };
