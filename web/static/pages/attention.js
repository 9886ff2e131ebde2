// The citizen's page: the line, the call, the goodbye.

/** @import {CitizenView} from "../call/protocol.js" */

import { Signalling } from "../call/signalling.js";
import { onActions } from "../elements/actions.js";
import { CitizenScreen } from "../elements/citizen-view.js";
import { runClocks } from "../elements/clocks.js";
import { reflect } from "../elements/state.js";
import { content, hear } from "./hear.js";
import { citizenPhone } from "./phone.js";
import { handOverFrom, showPapers } from "./papers.js";
import { Talk } from "./talk.js";
import { visualActions } from "./visual-citizen.js";
import { Withheld } from "./withheld.js";

const main = content();
const signalling = new Signalling("/citizen");
const screen = new CitizenScreen(main);
const talk = new Talk(main, signalling);
const silence = new Withheld(main, talk);

/** @param {string} stage */
function follow(stage) {
  const talking = stage === "talking";
  talk.follow({ live: talking || stage === "waiting" || stage === "offered", talking, attention: main.dataset["attention"] ?? "" });
}

/** @param {"accept" | "refuse"} answer */
function answerConsent(answer) {
  const consent = screen.asked;
  screen.answerLater();
  return signalling.command("answer_consent", { consent, answer });
}

hear(signalling, "connection", (connection) => reflect(main, { connection }));
hear(signalling, "view", (/** @type {CitizenView} */ view) => {
  screen.show(view);
  showPapers(main, view.deliveries ?? []);
  if (!screen.given) silence.end();
  follow(view.stage);
});
onActions(main, {
  ...talk.actions,
  ...citizenPhone(main, signalling),
  ...visualActions(main, signalling),
  "leave-line": () => signalling.command("leave_line", {}),
  "decline-level": () => signalling.command("decline_level", {}),
  "informative": () => silence.until(signalling.command("return_to_informative", {})),
  "hang-up": () => talk.leave(signalling.command("hang_up", {})),
  "read-consent": () => screen.readConsent(),
  "answer-later": () => screen.answerLater(),
  "accept-consent": () => answerConsent("accept"),
  "refuse-consent": () => answerConsent("refuse"),
  "withdraw-consent": () => screen.askWithdrawal(),
  "keep-consent": () => screen.keepConsent(),
  "confirm-withdraw": () => {
    screen.keepConsent();
    return silence.until(signalling.command("withdraw_consent", { consent: screen.given }));
  },
  "identify": (link, event) => {
    // a window of its own beside the call; where none may be opened the link opens a tab
    const address = link.getAttribute("href") ?? "";
    if (window.open(address, "identification", "popup,width=560,height=760")) event.preventDefault();
  },
});
handOverFrom(main);
runClocks(main);
follow(main.dataset["stage"] ?? "");
signalling.connect();
