// Introduces the visual identification to the desk: its buttons, its forms, its stills.

/** @import {Acknowledgement, DeskView} from "../call/protocol.js" */
/** @import {Signalling} from "../call/signalling.js" */

import { sendStill } from "../call/stills.js";
import { carryOut } from "../elements/actions.js";
import { toggle } from "../elements/call-screen.js";
import { attendedOf } from "../elements/desk-view.js";
import { followFaults, tellAtField } from "../elements/faults.js";
import { part, reflect } from "../elements/state.js";
import { hintOf, shoot } from "../elements/still-shot.js";
import { tellWhatItFiles } from "../elements/stop-reason.js";
import { checkWhileTyped } from "../elements/typed-document.js";
import { VisualDesk } from "../elements/visual-desk.js";
import { hear } from "./hear.js";

const HINT_EVERY_MS = 1000;
const NOTHING_SHOWN = { ok: /** @type {const} */ (false), code: "not_connected" };

/**
 * @param {HTMLElement} main
 * @param {Signalling} signalling
 * @returns {Record<string, (button: HTMLElement) => Promise<Acknowledgement> | void>} the actions of its buttons
 */
export function visualActions(main, signalling) {
  const desk = new VisualDesk(main);
  const video = part(main, "remote-video", HTMLVideoElement);
  const attention = () => main.dataset["attention"] ?? "";
  const scope = desk.part;
  hear(signalling, "view", (/** @type {DeskView} */ view) => desk.show(attendedOf(view)));
  setInterval(() => scope.dataset["visual"] === "stills" && reflect(scope, { hint: hintOf(video) ?? "none" }), HINT_EVERY_MS);
  checkWhileTyped(scope);
  tellWhatItFiles(scope);
  onForms(main, scope, {
    "send-code": (said) => signalling.command("send_visual_code", { attention: attention(), number: said("number") }),
    "enter-code": (said) => signalling.command("enter_visual_code", { attention: attention(), code: said("code") }),
    "read-document": (said) =>
      signalling.command("read_document", { attention: attention(), number: said("number"), name: said("name"), zone: said("zone") }),
    "stop-visual": (said) =>
      signalling.command("stop_visual", { attention: attention(), reason: /** @type {any} */ (said("reason")), witnessed: said("witnessed") === "yes" }),
  });
  part(scope, "visual-kind", HTMLSelectElement).addEventListener("change", ({ target }) => {
    const { value } = /** @type {HTMLSelectElement} */ (target);
    const chosen = /** @type {any} */ (value);
    if (value) void carryOut(main, scope, signalling.command("choose_document", { attention: attention(), kind: chosen }));
  });
  const named = (/** @type {HTMLElement} */ button) => /** @type {any} */ (button.dataset["name"] ?? "");
  return {
    "ask-visual": () => signalling.command("ask_identification", { attention: attention(), way: "visual" }),
    "begin-visual": () => signalling.command("begin_visual", { attention: attention() }),
    "finish-visual": () => signalling.command("finish_visual_step", { attention: attention() }),
    "accept-visual": () => signalling.command("accept_visual", { attention: attention() }),
    "tick-feature": (button) =>
      signalling.command("tick_feature", { attention: attention(), feature: named(button), seen: button.dataset["value"] === "yes" }),
    "tick-action": (button) =>
      signalling.command("tick_action", { attention: attention(), action: named(button), done: button.dataset["value"] === "yes" }),
    "turn-picture": () => void (video.dataset["turn"] = String((Number(video.dataset["turn"] ?? 0) + 90) % 360)),
    "mirror-picture": (button) => void video.classList.toggle("mirrored", toggle(button)),
    "shoot": (button) => take(button.dataset["kind"] ?? ""),
  };

  /** @param {string} kind */
  async function take(kind) {
    const shot = await shoot(video);
    return shot ? sendStill({ attention: attention(), kind, csrf: scope.dataset["csrf"] ?? "" }, shot) : NOTHING_SHOWN;
  }
}

/**
 * What each `data-form` says to the service, and what became of it.
 *
 * @param {HTMLElement} main
 * @param {HTMLElement} scope
 * @param {Readonly<Record<string, (said: (name: string) => string) => Promise<Acknowledgement>>>} forms
 */
export function onForms(main, scope, forms) {
  scope.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const typed = new FormData(form);
    const outcome = forms[form.dataset["form"] ?? ""]?.((name) => String(typed.get(name) ?? "").trim());
    if (outcome) void carryOut(main, event.submitter ?? form, outcome, (code) => tellAtField(main, form, code));
  });
  followFaults(main, scope);
}
