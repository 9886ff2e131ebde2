// Introduces the visual identification to the citizen's page.

/** @import {Acknowledgement, CitizenView} from "../call/protocol.js" */
/** @import {Signalling} from "../call/signalling.js" */

import { VisualCitizen } from "../elements/visual-citizen.js";
import { hear } from "./hear.js";
import { onForms } from "./visual-desk.js";

/**
 * @param {HTMLElement} main
 * @param {Signalling} signalling
 * @returns {Record<string, () => Promise<Acknowledgement>>} the actions of its buttons
 */
export function visualActions(main, signalling) {
  const citizen = new VisualCitizen(main);
  hear(signalling, "view", (/** @type {CitizenView} */ view) => citizen.show(view));
  onForms(main, citizen.part, {
    "type-code": (said) => signalling.command("type_visual_code", { code: said("code") }),
  });
  return {
    "accept-images": () => signalling.command("answer_images", { visual: citizen.shown, answer: "accept" }),
    "refuse-images": () => signalling.command("answer_images", { visual: citizen.shown, answer: "refuse" }),
  };
}
