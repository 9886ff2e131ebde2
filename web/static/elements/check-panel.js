// How the comparison of a recording with its seal goes, in words.

import { part } from "./state.js";

/** @typedef {{ words: string, finding: string }} Fault `finding` is as the commands write it, in English */
/** @typedef {{ stage: string, files: number, read: number, faults: readonly Fault[] }} Check */

/** Event: `ask`, when somebody wants it compared now. */
export class CheckPanel extends EventTarget {
  #panel;

  /** @param {HTMLElement} panel */
  constructor(panel) {
    super();
    this.#panel = panel;
    part(panel, "check-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("ask"));
    });
  }

  /** Where it is asked for and told. */
  get address() {
    return this.#panel.dataset["address"] ?? "";
  }

  /** What the form carries, to show that it is this page's own. */
  get form() {
    const fields = new FormData(part(this.#panel, "check-form", HTMLFormElement));
    return new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));
  }

  /** Whether it is going on. */
  get goesOn() {
    return ["waiting", "reading"].includes(this.#panel.dataset["stage"] ?? "");
  }

  /** @param {Check} check */
  show({ stage, files, read, faults }) {
    this.#panel.dataset["stage"] = stage;
    for (const told of this.#panel.querySelectorAll("[data-check]")) {
      if (told instanceof HTMLElement) told.hidden = !(told.dataset["check"] ?? "").split(",").includes(stage);
    }
    const progress = part(this.#panel, "check-progress", HTMLProgressElement);
    progress.max = Math.max(files, 1);
    progress.value = read;
    part(this.#panel, "check-faults", HTMLElement).replaceChildren(...faults.map(item));
  }
}

/** @param {Fault} fault */
function item({ words, finding }) {
  const element = document.createElement("li");
  const detail = document.createElement("code");
  detail.className = "quiet-words";
  detail.lang = "en";
  detail.textContent = finding;
  element.append(`${words} `, detail);
  return element;
}
