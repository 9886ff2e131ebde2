// Forms that are sent once, and say that they are on their way.

import { sendOnce } from "../elements/sending.js";

for (const form of document.querySelectorAll("form[data-once]")) {
  if (form instanceof HTMLFormElement) sendOnce(form);
}
