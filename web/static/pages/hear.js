// What the call library tells, heard with its detail.

/**
 * @param {EventTarget} teller
 * @param {string} name
 * @param {(detail: any) => void} listener the detail is what the teller's documentation says
 */
export function hear(teller, name, listener) {
  teller.addEventListener(name, (event) => listener(event instanceof CustomEvent ? event.detail : undefined));
}

/** @returns {HTMLElement} the page's content, which is the scope of its state */
export function content() {
  const main = document.querySelector("main");
  if (main) return main;
  throw new Error("the page has no content");
}
