// What happened in a recording: a list to be read, and ticks on the player's line. Each leads to its place.

/** Events: `seek` (seconds), a CustomEvent. */
export class TimelineList extends EventTarget {
  /** @type {readonly HTMLElement[]} in the order of the list */
  #marks;
  #ticks;

  /**
   * @param {HTMLElement} player the section with both
   */
  constructor(player) {
    super();
    this.#marks = [...player.querySelectorAll("[data-seek]")].filter((mark) => mark instanceof HTMLElement);
    this.#ticks = player.querySelector('[data-part="ticks"]');
    for (const mark of this.#marks) mark.addEventListener("click", () => this.#chosen(mark));
  }

  /** @param {number} duration seconds of the whole recording */
  measure(duration) {
    if (!duration) return;
    this.#ticks?.replaceChildren(...this.#marks.map((mark) => tick(mark, placeOf(mark) / duration)));
  }

  /**
   * Show which came last.
   *
   * @param {number} seconds
   */
  at(seconds) {
    const passed = this.#marks.filter((mark) => placeOf(mark) <= seconds + 0.05);
    const latest = passed.at(-1);
    for (const mark of this.#marks) {
      if (mark === latest) mark.setAttribute("aria-current", "time");
      else mark.removeAttribute("aria-current");
    }
  }

  /** @param {HTMLElement} mark */
  #chosen(mark) {
    this.dispatchEvent(new CustomEvent("seek", { detail: placeOf(mark) }));
  }
}

/** @param {HTMLElement} mark */
function placeOf(mark) {
  return Number(mark.dataset["seek"]);
}

/**
 * @param {HTMLElement} mark
 * @param {number} place share of the line
 */
function tick(mark, place) {
  const element = document.createElement("span");
  element.className = `tick ${mark.dataset["sort"] ?? ""}`;
  element.style.insetInlineStart = `${Math.min(place, 1) * 100}%`;
  return element;
}
