// The informer's desk: readiness, offers, the line, the call, the wrap-up.

/** @import {DeskView} from "../call/protocol.js" */

import { Alarm } from "../call/alarm.js";
import { Signalling } from "../call/signalling.js";
import { carryOut, onActions } from "../elements/actions.js";
import { runClocks } from "../elements/clocks.js";
import { DeskScreen, attendedOf } from "../elements/desk-view.js";
import { OfferAlert } from "../elements/offer-alert.js";
import { reflect } from "../elements/state.js";
import { content, hear } from "./hear.js";
import { deskPhone } from "./phone.js";
import { identityActions } from "./reveal.js";
import { Talk } from "./talk.js";

/** @typedef {"informed" | "helped" | "represented" | "unfinished"} OutcomeKind */
/** @typedef {"accept_offer" | "decline_offer" | "drop_proposal" | "lower_level" | "ask_consent" | "end_call"} Plain */

const main = content();
const signalling = new Signalling("/desk");
const screen = new DeskScreen(main);
const talk = new Talk(main, signalling);
const alert = new OfferAlert(main);
const alarm = new Alarm();
const attention = () => main.dataset["attention"] ?? "";
const command = (/** @type {Plain} */ name) => () => signalling.command(name, { attention: attention() });
const answer = (/** @type {"accept_offer" | "decline_offer"} */ name) => () => {
  alert.silence();
  return signalling.command(name, { attention: attention() });
};

alert.addEventListener("ring", () => alarm.start());
alert.addEventListener("silence", () => alarm.stop());
hear(signalling, "connection", (connection) => reflect(main, { connection }));
hear(signalling, "view", (/** @type {DeskView} */ view) => {
  const talking = attendedOf(view)?.stage === "talking";
  screen.show(view);
  alert.show(view.offer);
  talk.follow({ live: talking, talking, attention: attention() });
});
onActions(main, {
  ...talk.actions,
  ...identityActions(main, signalling),
  ...deskPhone(main, signalling),
  "available": () => signalling.command("set_readiness", { readiness: "available" }),
  "pause": () => signalling.command("set_readiness", { readiness: "paused" }),
  "accept-offer": answer("accept_offer"),
  "decline-offer": answer("decline_offer"),
  "take": (button) => signalling.command("take_citizen", { attention: button.dataset["attention"] ?? "" }),
  "propose-attended": () => signalling.command("propose_level", { attention: attention(), level: "attended" }),
  "drop-proposal": command("drop_proposal"),
  "ask-identification": () => signalling.command("ask_identification", { attention: attention(), way: "electronic" }),
  "ask-consent": command("ask_consent"),
  "lower-level": command("lower_level"),
  "end-call": () => talk.leave(signalling.command("end_call", { attention: attention() })),
});
const form = /** @type {HTMLFormElement} */ (main.querySelector("#wrap-up"));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = new FormData(form);
  const outcome = String(said.get("outcome")).trim();
  const kind = /** @type {OutcomeKind} */ (said.get("kind") ?? "informed");
  const concluded = signalling.command("conclude", { attention: attention(), outcome, kind });
  void carryOut(main, /** @type {HTMLElement} */ (event.submitter ?? form), concluded);
  void concluded.then(({ ok }) => ok && form.reset());
});
runClocks(main);
signalling.connect();
