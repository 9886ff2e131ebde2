// A form that is on its way: that is told at once, and it is not sent a second time.

/**
 * Look after a form until the answer comes, which is another page.
 *
 * @param {HTMLFormElement} form with a `[data-part="sending"]` that tells it
 */
export function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset["sending"] === "yes") event.preventDefault();
    else turn(form, true);
  });
  // whoever comes back to the page with the browser's button can send it again
  addEventListener("pageshow", () => turn(form, false));
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} sending
 */
function turn(form, sending) {
  form.dataset["sending"] = sending ? "yes" : "no";
  // not `disabled`: a browser would leave out what the button says, and the focus would be lost
  for (const button of form.querySelectorAll('button[type="submit"]')) button.setAttribute("aria-disabled", String(sending));
  const told = form.querySelector('[data-part="sending"]');
  if (told instanceof HTMLElement) told.hidden = !sending;
}
