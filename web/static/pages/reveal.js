// What the informer does with the identity of the person attended.

/** @import {Signalling} from "../call/signalling.js" */

import { WholeNumber } from "../elements/whole-number.js";

/**
 * The actions of the identity on the desk.
 *
 * @param {HTMLElement} main
 * @param {Signalling} signalling
 * @returns {{ "reveal-identity": () => Promise<import("../call/protocol.js").Acknowledgement> }}
 */
export function identityActions(main, signalling) {
  const number = new WholeNumber(main);
  const attention = () => main.dataset["attention"] ?? "";
  // another person's page must never show this one's number; the same state told again must not take it away
  new MutationObserver((changes) => {
    if (changes.some((change) => main.getAttribute(change.attributeName ?? "") !== change.oldValue)) number.clear();
  }).observe(main, { attributeFilter: ["data-attention", "data-stage"], attributeOldValue: true });
  return {
    "reveal-identity": () => number.show(signalling.ask("reveal_identity", { attention: attention() })),
  };
}
