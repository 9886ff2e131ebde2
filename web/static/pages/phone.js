// A code by SMS: the citizen's forms, and what the informer asks for.

/** @import {CitizenView, DeskView} from "../call/protocol.js" */
/** @import {Signalling} from "../call/signalling.js" */

import { PhoneForms } from "../elements/phone-forms.js";
import { fill } from "../elements/state.js";
import { hear } from "./hear.js";

/**
 * The citizen's actions; call it after whatever else shows the views.
 *
 * @param {HTMLElement} main
 * @param {Signalling} signalling
 */
export function citizenPhone(main, signalling) {
  const forms = new PhoneForms(main, {
    ask: ({ name = "", phone = "" }) => signalling.command("ask_phone_code", { name, number: phone }),
    answer: ({ code = "" }) => signalling.command("type_phone_code", { code }),
  });
  hear(signalling, "view", (/** @type {CitizenView} */ view) => forms.show(view.phone ?? null));
  return { "another-code": () => forms.another() };
}

/**
 * The informer's actions.
 *
 * @param {HTMLElement} main
 * @param {Signalling} signalling
 */
export function deskPhone(main, signalling) {
  const attention = () => main.dataset["attention"] ?? "";
  hear(signalling, "view", (/** @type {DeskView} */ { attended }) => {
    fill(main, { "phone-number": attended?.phone?.number ?? "", "phone-tries": attended?.phone?.tries ?? "" });
  });
  return {
    "ask-phone": () => signalling.command("ask_identification", { attention: attention(), way: "phone" }),
    "stop-phone": () => signalling.command("stop_identification", { attention: attention() }),
  };
}
