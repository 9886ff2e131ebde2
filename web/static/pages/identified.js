// The end of the window in which a citizen identifies.

import { onActions } from "../elements/actions.js";
import { content } from "./hear.js";

const main = content();
onActions(main, {
  "close-window": () => {
    window.close();
    // still here: a browser closes only windows that a page opened
    const words = main.querySelector("#close-by-hand");
    if (words instanceof HTMLElement) setTimeout(() => (words.hidden = false), 300);
  },
});
