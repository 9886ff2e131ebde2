// The two forms of a code by SMS: name and number, then the code. Never the network.

/** @import {Acknowledgement} from "../call/protocol.js" */

import { fill, reflect } from "./state.js";

/** @typedef {{ stage: string, number: string, tries: number, until: string }} Phone */
/** @typedef {(said: Record<string, string>) => Promise<Acknowledgement>} Send */

const OPEN = ["asked", "sent", "doubtful"];

/** What each refusal is about: the field that is wrong; any other concerns the form. */
const FIELDS = new Map([
  ["name_malformed", "name"],
  ["number_malformed", "phone"],
  ["number_foreign", "phone"],
  ["number_not_mobile", "phone"],
  ["sms_number_limit", "phone"],
  ["code_wrong", "code"],
]);

/** Tells what was refused beside the field, and keeps what was typed. */
export class PhoneForms {
  #main;
  /** @type {Phone | null} */
  #phone = null;
  #left = "";

  /**
   * @param {HTMLElement} main the scope of the page
   * @param {{ ask: Send, answer: Send }} send what becomes of each form
   */
  constructor(main, { ask, answer }) {
    this.#main = main;
    this.#listen("phone-number", ask);
    this.#listen("phone-code", answer);
  }

  /**
   * Show a view's phone; showing it again changes nothing.
   *
   * @param {Phone | null} phone
   */
  show(phone) {
    const before = this.#phone;
    this.#phone = phone;
    fill(this.#main, { "phone-number": phone?.number ?? "", "phone-tries": phone?.tries ?? "" });
    if (phone?.until !== before?.until) this.#forget("phone-code");
    if (this.#left && this.#left === phone?.until) this.#number();
  }

  /** Back to the first form, though the code that was sent still is good. */
  another() {
    this.#left = this.#phone?.until ?? "";
    this.#number();
    this.#field("phone-mobile").focus();
  }

  #number() {
    if (OPEN.includes(this.#main.dataset["phone"] ?? "")) reflect(this.#main, { phone: "replaced" });
  }

  /**
   * @param {string} id
   * @param {Send} send
   */
  #listen(id, send) {
    const form = /** @type {HTMLFormElement} */ (this.#main.querySelector(`#${id}`));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
      const button = /** @type {HTMLButtonElement} */ (form.querySelector('[type="submit"]'));
      this.#tell(form, "");
      button.disabled = true;
      const answer = await send(said);
      button.disabled = false;
      if (answer.ok) this.#left = "";
      else this.#tell(form, answer.code);
    });
  }

  /**
   * @param {HTMLFormElement} form
   * @param {string} code empty takes the last one off
   */
  #tell(form, code) {
    const fault = /** @type {HTMLElement} */ (form.querySelector(".fault"));
    const words = fault.querySelector("span:last-child");
    const wrong = FIELDS.get(code);
    if (words) words.textContent = code ? this.#sentence(code) : "";
    fault.hidden = !code;
    form.querySelector(".actions")?.before(fault);
    for (const field of form.querySelectorAll("input")) {
      field.ariaInvalid = String(field.name === wrong);
      field.closest(".field")?.classList.toggle("wrong", field.name === wrong);
      if (field.name !== wrong) continue;
      field.after(fault);
      field.select();
    }
  }

  /** @param {string} code */
  #sentence(code) {
    const book = /** @type {HTMLTemplateElement} */ (this.#main.querySelector("#sentences"));
    const of = (/** @type {string} */ name) => book.content.querySelector(`[data-code="${CSS.escape(name)}"]`);
    return (of(code) ?? of("unexpected"))?.textContent ?? "";
  }

  /** @param {string} id a code that was typed for another message is not left in the field */
  #forget(id) {
    const form = /** @type {HTMLFormElement} */ (this.#main.querySelector(`#${id}`));
    form.reset();
    this.#tell(form, "");
  }

  /** @param {string} id */
  #field(id) {
    return /** @type {HTMLInputElement} */ (this.#main.querySelector(`#${id}`));
  }
}
