// What is shown only once, each on a sheet: copied, or printed without the others. Never the network.

/** @param {HTMLElement} main where the sheets (`data-sheet`) are */
export function copyAndPrint(main) {
  for (const sheet of /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll("[data-sheet]"))) {
    const name = sheet.dataset["sheet"] ?? "";
    press(sheet, `copy-${name}`, () => void copy(main, sheet));
    press(sheet, `print-${name}`, () => print(main, name));
    for (const actions of sheet.querySelectorAll("[data-part=sheet-actions]")) actions.removeAttribute("hidden");
  }
}

/**
 * @param {HTMLElement} sheet
 * @param {string} action
 * @param {() => void} step
 */
function press(sheet, action, step) {
  sheet.querySelector(`[data-action="${action}"]`)?.addEventListener("click", step);
}

/**
 * Copy what is secret on the sheet; where the browser does not let it be, mark it.
 *
 * @param {HTMLElement} main
 * @param {HTMLElement} sheet
 */
async function copy(main, sheet) {
  const secret = sheet.querySelector(".secret");
  if (!secret) return;
  const told = (await isCopied(secret.textContent ?? "")) ? "copied" : "selected";
  if (told === "selected") getSelection()?.selectAllChildren(secret);
  for (const words of /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll("[data-told]"))) {
    words.hidden = !sheet.contains(words) || words.dataset["told"] !== told;
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} not where the page has no clipboard, or may not write to it
 */
async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Print one sheet; the others are on no paper.
 *
 * @param {HTMLElement} main
 * @param {string} name
 */
function print(main, name) {
  main.dataset["printing"] = name;
  window.addEventListener("afterprint", () => delete main.dataset["printing"], { once: true });
  window.print();
}
