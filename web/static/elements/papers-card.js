// The files that changed hands, on the page. Never the network.

/** @import {DeliverySeen} from "../call/protocol.js" */

/**
 * Show the files of a call wherever the page lists them, and say the newest one that came.
 *
 * @param {HTMLElement} main
 * @param {readonly DeliverySeen[]} papers
 */
export function showPapers(main, papers) {
  let came = "";
  for (const place of main.querySelectorAll("[data-papers]")) {
    if (place instanceof HTMLElement) came = showIn(main, place, papers) || came;
  }
  const announcer = main.querySelector('[data-part="announcer"]');
  if (announcer && came) announcer.textContent = came;
}

/**
 * Where the files of the attention that the page shows now are.
 *
 * @param {HTMLElement} main
 * @param {HTMLElement} place
 */
export function addressOf(main, place) {
  const where = place.closest("[data-where]");
  const told = where instanceof HTMLElement ? where.dataset["where"] : place.dataset["address"];
  return (told ?? "").replace("{attention}", main.dataset["attention"] ?? "");
}

/**
 * @param {HTMLElement} main
 * @param {HTMLElement} place
 * @param {readonly DeliverySeen[]} papers
 */
function showIn(main, place, papers) {
  const list = place.querySelector("ul");
  const blank = place.querySelector("template");
  if (!list || !blank) return "";
  const address = addressOf(main, place);
  for (const item of [...list.children]) {
    if (!papers.some((seen) => item instanceof HTMLElement && seen.id === item.dataset["paper"])) item.remove();
  }
  let came = "";
  for (const seen of papers.slice(list.children.length)) {
    const row = /** @type {HTMLElement} */ (blank.content.firstElementChild?.cloneNode(true));
    list.append(filled(row, seen, `${address}/${seen.id}`));
    came = seen.side === "citizen" && place.closest("[data-where]") === null ? "" : told(row);
  }
  return came;
}

/**
 * @param {HTMLElement} row
 * @param {DeliverySeen} seen
 * @param {string} address
 */
function filled(row, seen, address) {
  row.dataset["paper"] = seen.id;
  const kind = seen.kind === "form" ? "form" : seen.side;
  for (const words of row.querySelectorAll("[data-for]")) {
    if (words instanceof HTMLElement) words.hidden = words.dataset["for"] !== kind;
  }
  for (const name of row.querySelectorAll('[data-value="name"]')) name.textContent = seen.name;
  row.querySelector("a")?.setAttribute("href", address);
  return row;
}

/** @param {HTMLElement} row */
function told(row) {
  const words = row.querySelector("[data-for]:not([hidden])")?.textContent ?? "";
  return `${words} ${row.querySelector("strong")?.textContent ?? ""}`.trim();
}

/**
 * The name of the file that was chosen, beside the button that chooses it.
 *
 * @param {HTMLFormElement} form
 */
export function nameChosen(form) {
  const place = form.querySelector("[data-part='chosen']");
  const tell = () => {
    const file = new FormData(form).get("file");
    const name = file instanceof File ? file.name : "";
    if (place instanceof HTMLElement) place.textContent = name || (place.dataset["none"] ?? "");
  };
  form.addEventListener("change", tell);
  // a form that is emptied tells so before it is
  form.addEventListener("reset", () => queueMicrotask(tell));
}
