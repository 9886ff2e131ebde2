// Where the focus goes when what had it is gone: to the section that came, else near to where it was.

/** Keeps whoever uses a keyboard from being thrown back to the top of the page. */
export class Focus {
  #main;
  /** @type {HTMLElement | null} */
  #last = null;

  /** @param {HTMLElement} main */
  constructor(main) {
    this.#main = main;
    main.addEventListener("focusin", ({ target }) => (this.#last = target instanceof HTMLElement ? target : null));
    // of a dialog, from which this event does not bubble
    main.addEventListener("close", () => this.settle([]), { capture: true });
  }

  /**
   * After the page has changed. A field that came (`data-landing`), and a step (`data-landing="always"`), get the focus
   * in any case, for they are what there is to do; a heading only when nothing on the page has it any more.
   *
   * @param {readonly HTMLElement[]} shown what is shown since
   */
  settle(shown) {
    const landing = shown.flatMap((element) => landingsIn(element)).find(isVisible);
    if (bring(shown)) return;
    if (landing instanceof HTMLTextAreaElement) landing.focus();
    else if (isLost()) land(landing ?? this.#nearest());
  }

  /** @returns {HTMLElement | undefined} nothing when the last one is still there: the person left it themselves */
  #nearest() {
    const last = this.#last;
    if (!last || isVisible(last)) return undefined;
    return [...named(last), ...headings(last), ...landingsIn(this.#main)].find(isVisible);
  }
}

/**
 * A step that came (`data-landing="always"`) is brought before the eyes, wherever the page is scrolled to.
 *
 * @param {readonly HTMLElement[]} shown what is shown since
 * @returns {boolean} whether one came
 */
export function bring(shown) {
  const step = shown.flatMap((element) => landingsIn(element)).find((one) => one.dataset["landing"] === "always" && isVisible(one));
  if (!step) return false;
  land(step);
  (step.closest("[data-brought]") ?? step).scrollIntoView({ block: "start" });
  return true;
}

/**
 * What an element names in `data-after` (ids), for when it is gone.
 *
 * @param {HTMLElement} gone
 */
function named(gone) {
  const ids = /** @type {HTMLElement | null} */ (gone.closest("[data-after]"))?.dataset["after"]?.split(" ") ?? [];
  return ids.flatMap((id) => document.getElementById(id) ?? []);
}

/**
 * The headings of the sections around an element, the nearest first.
 *
 * @param {HTMLElement} gone
 */
function headings(gone) {
  /** @type {HTMLElement[]} */
  const found = [];
  for (let around = gone.closest("section"); around; around = around.parentElement?.closest("section") ?? null) {
    found.push(.../** @type {NodeListOf<HTMLElement>} */ (around.querySelectorAll("h1, h2")));
  }
  return found;
}

/** @param {HTMLElement} element */
function landingsIn(element) {
  const inside = /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-landing]"));
  return element.matches("[data-landing]") ? [element, ...inside] : [...inside];
}

/** @param {HTMLElement | undefined} element */
function land(element) {
  if (!element) return;
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

function isLost() {
  const focused = document.activeElement;
  return !(focused instanceof HTMLElement) || focused === document.body || !isVisible(focused);
}

/** @param {HTMLElement} element */
function isVisible(element) {
  return element.getClientRects().length > 0;
}
