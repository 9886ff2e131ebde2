// The citizen's view on the page. Never the network.

/** @import {CitizenView, ConsentSeen} from "../call/protocol.js" */

import { Focus } from "./focus.js";
import { levelOfCitizen, recordedState, wholeYears } from "./level-state.js";
import { News } from "./news.js";
import { announce, fill, part, reflect } from "./state.js";
import { visualWord } from "./visual-state.js";

/** What is shown of an attention, kept up to date. */
export class CitizenScreen {
  #main;
  #consent;
  #withdrawal;
  #news;
  #focus;
  #title = document.title;
  /** @type {CitizenView | null} */
  #view = null;
  #shownConsent = "";

  /** @param {HTMLElement} main the scope of the page */
  constructor(main) {
    this.#main = main;
    this.#consent = dialog(main, "consent");
    this.#withdrawal = dialog(main, "withdrawal");
    this.#news = new News(main, { action: "decline-level", mine: "declined", theirs: "dropped" });
    this.#focus = new Focus(main);
  }

  /** The consent that waits for an answer; empty when there is none. */
  get asked() {
    return this.#view?.consents.findLast(({ stage }) => stage === "asked")?.id ?? "";
  }

  /**
   * The consent to take back: the first in force, on which the level stands; one for a proposed level ends with it.
   * Empty when there is none.
   */
  get given() {
    return this.#view?.consents.find(({ stage }) => stage === "given")?.id ?? "";
  }

  /**
   * Show a view; showing it again changes nothing.
   *
   * @param {CitizenView} view
   */
  show(view) {
    this.#view = view;
    fill(this.#main, fieldsOf(view));
    for (const clock of this.#main.querySelectorAll(".call [data-since]")) {
      clock.setAttribute("data-since", view.talking_since);
    }
    for (const clock of this.#main.querySelectorAll("[data-until]")) clock.setAttribute("data-until", view.clip_until ?? "");
    this.#showConsent(view.consents.at(-1));
    const state = citizenState(view);
    const shown = reflect(this.#main, { ...state, news: this.#news.after(state) });
    announce(this.#main, shown);
    this.#focus.settle(shown);
    document.title = this.#titleOf(view.stage);
  }

  /** Put the text before the citizen again, after they wanted to ask something first. */
  readConsent() {
    if (!this.#consent.open) this.#consent.showModal();
  }

  /** Close the text; the request stays unanswered. */
  answerLater() {
    this.#consent.close();
  }

  /** Ask whether the consent shall really be withdrawn. */
  askWithdrawal() {
    if (!this.#withdrawal.open) this.#withdrawal.showModal();
  }

  /** Close that question. */
  keepConsent() {
    this.#withdrawal.close();
  }

  /**
   * What the tab says to somebody who waits in another one.
   *
   * @param {string} stage
   */
  #titleOf(stage) {
    const { titleOffered, titleTalking } = this.#main.dataset;
    if (stage === "offered") return `● ${titleOffered}`;
    return stage === "talking" ? `${titleTalking} · ${this.#title}` : this.#title;
  }

  /** @param {ConsentSeen | undefined} consent */
  #showConsent(consent) {
    if (!this.given) this.#withdrawal.close();
    if (consent?.stage !== "asked") {
      this.#consent.close();
      return;
    }
    if (consent.id === this.#shownConsent) return;
    this.#shownConsent = consent.id;
    part(this.#consent, "consent-title", HTMLElement).textContent = consent.title;
    const text = part(this.#consent, "consent-text", HTMLElement);
    text.replaceChildren(...consent.paragraphs.map(paragraph));
    text.scrollTop = 0;
    this.readConsent();
  }
}

/**
 * The state of the page that shows this view; the same words as `page_state.py` says.
 *
 * @param {CitizenView} view
 * @returns {Record<string, string>}
 */
function citizenState(view) {
  return {
    stage: view.stage,
    level: view.level,
    proposed: view.proposed || "none",
    identification: identificationState(view),
    way: view.identification_way || view.identity?.way || "none",
    phone: view.phone?.stage ?? "none",
    clip: view.clip || "none",
    assurance: view.identity?.assurance ?? "none",
    consent: view.consents.at(-1)?.stage ?? "none",
    ...levelOfCitizen(view),
    recorder: view.recorder,
    copy: view.copy_waits ? "waits" : "none",
    wait: waitState(view.wait_from, view.wait_to),
    informers: view.informers ? "some" : "none",
    recorded: recordedState(view),
    outcome: view.outcome ? "written" : "none",
    visual: visualWord(view),
  };
}

/**
 * @param {{ identification_asked: boolean, missing: readonly string[], identity: object | null }} seen
 * @returns {string}
 */
export function identificationState(seen) {
  if (seen.identification_asked) return "asked";
  if (seen.missing.includes("identification")) return seen.identity ? "too_low" : "missing";
  return seen.identity ? "done" : "none";
}

/**
 * @param {number} least
 * @param {number} most
 */
function waitState(least, most) {
  if (!most) return "unknown";
  if (most === 1) return "minute";
  return least ? "between" : "under";
}

/** @param {CitizenView} view */
function fieldsOf(view) {
  const consent = view.consents.at(-1);
  return {
    place: view.place,
    wait_from: view.wait_from,
    wait_to: view.wait_to,
    informers: view.informers,
    "informer-name": view.informer?.name ?? "",
    "informer-position": view.informer?.position ?? "",
    "identity-name": view.identity?.name ?? "",
    "consent-version": consent?.version ?? "",
    "consent-place": consent?.place ?? 0,
    "consent-total": consent?.total ?? 0,
    "kept-years": wholeYears(consent?.days ?? 0),
    "kept-days": consent?.days ?? 0,
    outcome: view.outcome,
  };
}

/** @param {string} words */
function paragraph(words) {
  const element = document.createElement("p");
  element.textContent = words;
  return element;
}

/**
 * @param {HTMLElement} main
 * @param {string} id
 * @returns {HTMLDialogElement}
 */
function dialog(main, id) {
  const found = main.querySelector(`#${id}`);
  if (found instanceof HTMLDialogElement) return found;
  throw new Error(`the page has no dialog ${id}`);
}
