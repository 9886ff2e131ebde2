// The form that opens a receipt: the link's token goes from the address into the form, and out of the address.

import { content } from "./hear.js";

const main = content();
const field = main.querySelector("#token");
const token = location.hash.slice(1);
if (field instanceof HTMLInputElement && token) {
  field.value = token;
  history.replaceState(null, "", location.pathname + location.search);
  main.dataset["link"] = "filled";
  const pin = main.querySelector("#pin");
  if (pin instanceof HTMLInputElement) pin.focus();
}
