// Who looks at it, and when, over the picture: in the page, in the whole screen, and in every photograph of either.

// as many as fit over both pictures without one covering another: four beside one another, two of them on each picture
const LINES = 12;

/** Keeps the mark over the stage; if it is taken away, it is put back and whoever plays is told. */
export class Watermark extends EventTarget {
  #mark;
  #stage;
  #clock;

  /**
   * @param {HTMLElement} stage what the pictures are in; only it may fill the screen
   * @param {HTMLElement} mark
   */
  constructor(stage, mark) {
    super();
    this.#stage = stage;
    this.#mark = mark;
    this.#clock = new Intl.DateTimeFormat(mark.dataset["language"], {
      dateStyle: "short",
      timeStyle: "medium",
      timeZone: mark.dataset["zone"],
    });
    this.#write();
    setInterval(() => this.#write(), 1000);
    new MutationObserver(() => this.#keep()).observe(stage, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["style", "class", "hidden"],
    });
    document.addEventListener("fullscreenchange", () => this.#onlyTheStage());
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** Fill the screen with the stage, or go back. */
  async toggleScreen() {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
      return;
    }
    await this.#stage.requestFullscreen();
    this.#stage.focus(); // so that the keys go on working
  }

  #write() {
    const words = `${this.#mark.dataset["who"]} · ${this.#clock.format(new Date())}`;
    const lines = [...this.#mark.children];
    if (lines.length !== LINES) this.#mark.replaceChildren(...Array.from({ length: LINES }, () => line(words)));
    else for (const each of lines) each.setAttribute("data-words", words);
  }

  #keep() {
    const mark = this.#mark;
    const changed = mark.parentElement !== this.#stage || mark.hidden || mark.className !== "watermark";
    if (!changed && !mark.getAttribute("style")) return;
    mark.hidden = false;
    mark.className = "watermark";
    mark.removeAttribute("style");
    if (mark.parentElement !== this.#stage) this.#stage.append(mark);
    this.dispatchEvent(new CustomEvent("disturbed"));
  }

  /** A picture alone would fill the screen without the mark. */
  #onlyTheStage() {
    const shown = document.fullscreenElement;
    if (shown && shown !== this.#stage && this.#stage.contains(shown)) document.exitFullscreen();
  }
}

/** @param {string} words */
function line(words) {
  const element = document.createElement("span");
  element.dataset["words"] = words;
  return element;
}
