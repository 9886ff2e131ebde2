// The desk's view on the page. Never the network.

/** @import {AttendedSeen, DeskView, WaitingSeen} from "../call/protocol.js" */

import { identificationState } from "./citizen-view.js";
import { Focus } from "./focus.js";
import { barUntil, levelOfInformer } from "./level-state.js";
import { News } from "./news.js";
import { chooseNoKind, chosenKind, wantOutcome } from "./outcome-field.js";
import { announce, fill, part, reflect } from "./state.js";
import { UndoneSteps } from "./undone-steps.js";
import { visualWord } from "./visual-state.js";

/** What is shown at a desk, kept up to date. */
export class DeskScreen {
  #main;
  #line;
  #blankRow;
  #languages;
  #news;
  #focus;
  #undone;

  /** @param {HTMLElement} main the scope of the page */
  constructor(main) {
    this.#main = main;
    this.#line = part(main, "line", HTMLElement);
    this.#blankRow = /** @type {HTMLTemplateElement} */ (main.querySelector("#waiting-row"));
    this.#languages = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
    this.#news = new News(main, { action: "drop-proposal", mine: "dropped", theirs: "declined" });
    this.#focus = new Focus(main);
    this.#undone = new UndoneSteps(main);
    wantOutcome(main);
  }

  /**
   * Show a view; showing it again changes nothing.
   *
   * @param {DeskView} view
   */
  show(view) {
    const attended = attendedOf(view);
    this.#main.dataset["attention"] = attended?.attention ?? view.offer?.attention ?? "";
    fill(this.#main, this.#fieldsOf(view, attended));
    this.#since("talking-since", attended?.talking_since);
    this.#since("offer-since", view.offer?.arrived_at);
    for (const clock of this.#main.querySelectorAll(".clip [data-until]")) clock.setAttribute("data-until", attended?.clip_until ?? "");
    this.#undone.follow(attended?.undone ?? []);
    this.#showLine(view.waiting);
    this.#pressReadiness(view.readiness === "available");
    const state = deskState(view);
    // an outcome that was chosen and cannot be written any more is chosen no longer
    if (!attended?.outcomes.includes(chosenKind(this.#main))) chooseNoKind(this.#main);
    const shown = reflect(this.#main, { ...state, news: this.#news.after(state) });
    announce(this.#main, shown);
    this.#focus.settle(shown);
  }

  /**
   * Whether the call can be ended; tells on the page what keeps it open.
   *
   * @returns {boolean}
   */
  canEnd() {
    return this.#undone.tell();
  }

  /**
   * @param {DeskView} view
   * @param {AttendedSeen | null} attended
   */
  #fieldsOf(view, attended) {
    return {
      "line-length": view.waiting.length,
      "offer-procedure": view.offer?.procedure ?? "",
      "offer-office": view.offer?.office ?? "",
      "offer-language": this.#languageName(view.offer?.language),
      procedure: attended?.procedure ?? "",
      office: attended?.office ?? "",
      language: this.#languageName(attended?.language),
      script: attended?.script ?? "",
      picture: attended?.picture ?? 0,
      "bar-until": this.#day(barUntil(attended)),
      "identity-name": attended?.identity?.name ?? "",
      "identity-document": attended?.identity?.document ?? "",
    };
  }

  /** @param {string} day ISO 8601, or empty */
  #day(day) {
    // English as it is written in Europe
    const { lang } = document.documentElement;
    const words = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long", timeZone: "UTC" });
    return day && words.format(Date.parse(day));
  }

  /** @param {string | undefined} code */
  #languageName(code) {
    return code ? (this.#languages.of(code) ?? code) : "";
  }

  /**
   * @param {string} name
   * @param {string | undefined} moment
   */
  #since(name, moment) {
    part(this.#main, name, HTMLElement).dataset["since"] = moment ?? "";
  }

  /** @param {readonly WaitingSeen[]} waiting */
  #showLine(waiting) {
    const rows = new Map([...this.#line.children].map((row) => [row.getAttribute("data-attention") ?? "", row]));
    const wanted = waiting.map((seen) => this.#row(rows.get(seen.attention), seen));
    for (const row of rows.values()) if (!wanted.includes(/** @type {HTMLElement} */ (row))) row.remove();
    // a row that stays is not moved: a button that has the focus keeps it
    wanted.forEach((row, place) => {
      if (this.#line.children[place] !== row) this.#line.insertBefore(row, this.#line.children[place] ?? null);
    });
  }

  /**
   * @param {Element | undefined} known
   * @param {WaitingSeen} seen
   * @returns {HTMLElement}
   */
  #row(known, seen) {
    const row = /** @type {HTMLElement} */ (known ?? this.#blankRow.content.firstElementChild?.cloneNode(true));
    row.dataset["attention"] = seen.attention;
    row.querySelector("button")?.setAttribute("data-attention", seen.attention);
    row.querySelector("[data-since]")?.setAttribute("data-since", seen.arrived_at);
    fill(row, { procedure: seen.procedure, office: seen.office, language: this.#languageName(seen.language) });
    reflect(row, { row: rowState(seen) });
    return row;
  }

  /** @param {boolean} available */
  #pressReadiness(available) {
    this.#main.querySelector('[data-action="available"]')?.setAttribute("aria-pressed", String(available));
    this.#main.querySelector('[data-action="pause"]')?.setAttribute("aria-pressed", String(!available));
  }
}

/**
 * The state of the page that shows this view; the same words as `page_state.py` says.
 *
 * @param {DeskView} view
 * @returns {Record<string, string>}
 */
function deskState(view) {
  const attended = attendedOf(view);
  return {
    stage: attended?.stage ?? (view.offer ? "offered" : "idle"),
    readiness: view.readiness,
    line: view.waiting.length ? "some" : "none",
    level: attended?.level ?? "informative",
    proposed: attended?.proposed || "none",
    identification: attended ? identificationState(attended) : "none",
    way: attended?.identification_way || attended?.identity?.way || "none",
    phone: attended?.phone?.stage ?? "none",
    clip: attended?.clip || "none",
    assurance: attended?.identity?.assurance ?? "none",
    consent: attended?.consent || "none",
    ...levelOfInformer(attended),
    recorder: attended?.recorder ?? "absent",
    copy: attended?.copy_waits ? "waits" : "none",
    visual: visualWord(attended),
  };
}

/**
 * The attention that is before this informer now; one that is only offered is not yet.
 *
 * @param {DeskView} view
 * @returns {AttendedSeen | null}
 */
export function attendedOf(view) {
  return view.attended && ["talking", "wrapping_up"].includes(view.attended.stage) ? view.attended : null;
}

/** @param {WaitingSeen} seen */
function rowState(seen) {
  if (seen.offered) return "offered";
  return seen.present ? "present" : "away";
}
