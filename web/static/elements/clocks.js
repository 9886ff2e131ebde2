// Stopwatches: every element with `data-since` counts up from that moment, every one with `data-until` down to it.

/**
 * Keep the stopwatches of a page running.
 *
 * @param {HTMLElement} main
 * @param {AbortSignal} [signal] ends it
 */
export function runClocks(main, signal) {
  const tick = () => {
    for (const clock of main.querySelectorAll("[data-since]")) {
      const since = Date.parse(clock.getAttribute("data-since") ?? "");
      if (!Number.isNaN(since)) clock.textContent = stopwatch((Date.now() - since) / 1000);
    }
    for (const clock of main.querySelectorAll("[data-until]")) {
      const until = Date.parse(clock.getAttribute("data-until") ?? "");
      clock.textContent = Number.isNaN(until) ? "" : String(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    }
  };
  tick();
  const ticking = setInterval(tick, 1000);
  // one that is set shows its number at once
  const setting = new MutationObserver(tick);
  setting.observe(main, { subtree: true, attributeFilter: ["data-since", "data-until"] });
  signal?.addEventListener("abort", () => {
    clearInterval(ticking);
    setting.disconnect();
  });
}

/**
 * Seconds as a player shows them: `3:07`, `1:02:09`.
 *
 * @param {number} seconds
 */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
