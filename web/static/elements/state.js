// What a page stands for is in the data attributes of its scope; what is shown follows from them by one rule.

/**
 * Put a state onto a scope (an element with `data-scope`) and show what holds by it.
 *
 * An element with `data-when="stage=waiting,offered level=informative"` is shown while the scope's stage is one of the
 * two and its level that one. The server writes the same rule (`markup.py`). Scopes inside the scope are left alone.
 *
 * @param {HTMLElement} scope
 * @param {Readonly<Record<string, string>>} state names are lower-case words
 * @returns {HTMLElement[]} what was hidden and is shown now
 */
export function reflect(scope, state) {
  Object.assign(scope.dataset, state);
  const told = within(scope, "[data-when]");
  const before = new Set(told.filter(isShown));
  for (const element of told) element.hidden = !holds(element.dataset["when"] ?? "", scope.dataset);
  return told.filter((element) => isShown(element) && !before.has(element));
}

/**
 * Fill the places (`data-field`) of a scope.
 *
 * @param {HTMLElement} scope
 * @param {Readonly<Record<string, string | number>>} values by field; a place that is not named keeps its text
 */
export function fill(scope, values) {
  for (const element of within(scope, "[data-field]")) {
    const value = values[element.dataset["field"] ?? ""];
    // the same text again would be read aloud again
    if (value !== undefined && element.textContent !== String(value)) element.textContent = String(value);
  }
}

/**
 * Say what has come up, for those who listen to the page instead of looking at it.
 *
 * @param {HTMLElement} scope
 * @param {HTMLElement[]} shown what `reflect` returned
 */
export function announce(scope, shown) {
  const announcer = within(scope, '[data-part="announcer"]')[0];
  const news = within(scope, "[data-announce]").filter((element) => shown.some((part) => part.contains(element)));
  const words = news.filter(isShown).map((element) => element.innerText.replace(/\s+/g, " ").trim());
  if (announcer && words.length) announcer.textContent = words.join(" ");
}

/**
 * The one element of a page that bears this part.
 *
 * @template {HTMLElement} Kind
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function part(root, name, kind) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (found instanceof kind) return found;
  throw new Error(`the page has no part ${name}`);
}

/**
 * @param {string} conditions
 * @param {DOMStringMap} state
 */
function holds(conditions, state) {
  return conditions.split(" ").every((condition) => {
    const [name = "", values = ""] = condition.split("=");
    return values.split(",").includes(state[name] ?? "");
  });
}

/** @param {HTMLElement} element */
function isShown(element) {
  return !element.closest("[hidden]");
}

/**
 * @param {HTMLElement} scope
 * @param {string} selector
 */
function within(scope, selector) {
  const found = /** @type {NodeListOf<HTMLElement>} */ (scope.querySelectorAll(selector));
  return [...found].filter((element) => element.parentElement?.closest("[data-scope]") === scope);
}
