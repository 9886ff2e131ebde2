// What became of a proposal that went away, of a recorder that was away or could not store, and of a copy that waited. No view
// tells it: it is read from the change between two of them.

const TOLD_BY_THE_CONSENT = ["refused", "withdrawn"];

/** Of each proposal that goes without coming into force: whether it was let go here or at the other side. */
export class News {
  #main;
  #theirs;
  #mine;
  #pressed = false;
  #recorded = false;

  /**
   * @param {HTMLElement} main the scope, still in the state before the view that is being shown
   * @param {{ action: string, mine: string, theirs: string }} words the button by which it is let go here, and what
   *   `news` says when it was pressed and when it was not
   */
  constructor(main, { action, mine, theirs }) {
    this.#main = main;
    this.#mine = mine;
    this.#theirs = theirs;
    main.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest(`[data-action="${action}"]`)) this.#pressed = true;
    });
  }

  /**
   * What to say after this change; it stands until another level is proposed or the call is over.
   *
   * @param {Readonly<Record<string, string>>} state the state that follows
   * @returns {string} none, one of the two words, `resumed` while a recorder that was hindered, or had to enter again, is back, or
   *   `copied` when the copy of what is recorded does not wait any more
   */
  after(state) {
    const before = this.#main.dataset;
    // a recorder that enters for the first time has missed nothing
    if (before["recorder"] === "in_call") this.#recorded = true;
    if (before["recorder"] === "absent") this.#recorded = false;
    const resting = state["stage"] === "talking" && state["proposed"] === "none" && state["level"] === "informative";
    if (!resting) {
      if (before["proposed"] === "none") this.#pressed = false;
      if (this.#resumed(state)) return "resumed";
      return this.#copied(state) ? "copied" : "none";
    }
    if (before["proposed"] === "none") return before["news"] ?? "none";
    const told = state["consent"] !== before["consent"] && TOLD_BY_THE_CONSENT.includes(state["consent"] ?? "");
    const word = this.#pressed ? this.#mine : this.#theirs;
    return told || before["stage"] !== "talking" ? "none" : word;
  }

  /** @param {Readonly<Record<string, string>>} state */
  #resumed(state) {
    const before = this.#main.dataset;
    const interrupted = before["recorder"] === "hindered" || (before["recorder"] === "entering" && this.#recorded);
    return state["recorder"] === "in_call" && (interrupted || before["news"] === "resumed");
  }

  /** @param {Readonly<Record<string, string>>} state */
  #copied(state) {
    const before = this.#main.dataset;
    const waited = before["copy"] === "waits" || before["news"] === "copied";
    return state["recorder"] === "in_call" && state["copy"] === "none" && waited;
  }
}
