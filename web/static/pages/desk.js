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
import { handOverFrom, showPapers } from "./papers.js";
import { deskPhone } from "./phone.js";
import { Proving } from "./proving.js";
import { identityActions } from "./reveal.js";
import { Talk } from "./talk.js";
import { visualActions } from "./visual-desk.js";

/** @typedef {"informed" | "helped" | "represented" | "unfinished"} OutcomeKind */

const main = content();
const signalling = new Signalling("/desk");
const screen = new DeskScreen(main);
const talk = new Talk(main, signalling);
const proving = new Proving(main, signalling);
const alert = new OfferAlert(main);
const alarm = new Alarm();
const attention = () => main.dataset["attention"] ?? "";
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
  proving.follow(talking ? attendedOf(view) : null);
  showPapers(main, attendedOf(view)?.deliveries ?? []);
  alert.show(view.offer);
  talk.follow({ live: talking, talking, attention: attention() });
});
onActions(main, {
  ...talk.actions,
  ...identityActions(main, signalling),
  ...deskPhone(main, signalling),
  ...visualActions(main, signalling),
  "available": () => signalling.command("set_readiness", { readiness: "available" }),
  "pause": () => signalling.command("set_readiness", { readiness: "paused" }),
  "accept-offer": answer("accept_offer"),
  "decline-offer": answer("decline_offer"),
  "take": (button) => signalling.command("take_citizen", { attention: button.dataset["attention"] ?? "" }),
  ...proving.actions,
  "end-call": () => (screen.canEnd() ? talk.leave(signalling.command("end_call", { attention: attention() })) : undefined),
});
const form = /** @type {HTMLFormElement} */ (main.querySelector("#wrap-up"));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = new FormData(form);
  const outcome = String(said.get("outcome")).trim();
  const kind = /** @type {OutcomeKind} */ (said.get("kind"));
  const concluded = signalling.command("conclude", { attention: attention(), outcome, kind });
  void carryOut(main, /** @type {HTMLElement} */ (event.submitter ?? form), concluded);
  void concluded.then(({ ok }) => ok && form.reset());
});
handOverFrom(main);
runClocks(main);
signalling.connect();
