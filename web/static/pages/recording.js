// The archive's player.

import { Playback } from "../call/playback.js";
import { PlayerBar } from "../elements/player-bar.js";
import { PlayerKeys } from "../elements/player-keys.js";
import { part } from "../elements/state.js";
import { TimelineList } from "../elements/timeline-list.js";
import { Watermark } from "../elements/watermark.js";
import { content, hear } from "./hear.js";

const RUNS = new Set(["playing", "waiting"]);
const player = part(content(), "player", HTMLElement);
const tracks = /** @type {NodeListOf<HTMLMediaElement>} */ (player.querySelectorAll("[data-track]"));
const elements = Object.fromEntries([...tracks].map((track) => [track.dataset["track"] ?? "", track]));
const playback = new Playback({ parts: JSON.parse(player.dataset["parts"] ?? "[]"), elements });
const bar = new PlayerBar(player);
const keys = new PlayerKeys(player);
const timeline = new TimelineList(player);
const watermark = new Watermark(part(player, "stage", HTMLElement), part(player, "watermark", HTMLElement));

bar.measure(playback.duration, playback.gaps);
timeline.measure(playback.duration);
hear(bar, "play", () => playback.play());
hear(bar, "pause", () => playback.pause());
hear(bar, "seek", (seconds) => playback.seek(seconds));
hear(bar, "rate", (times) => playback.rate(times));
hear(bar, "step", (pictures) => playback.step(pictures));
hear(keys, "toggle", () => (RUNS.has(playback.state) ? playback.pause() : playback.play()));
hear(keys, "jump", (seconds) => playback.seek(playback.time + seconds));
hear(keys, "step", (pictures) => playback.step(pictures));
hear(keys, "faster", (by) => bar.faster(by));
hear(keys, "fullscreen", () => watermark.toggleScreen());
hear(timeline, "seek", (seconds) => playback.show(seconds));
hear(watermark, "disturbed", () => playback.pause());
hear(playback, "time", (seconds) => {
  bar.at(seconds);
  timeline.at(seconds);
});
hear(playback, "state", (state) => bar.turn(state));
hear(playback, "problem", async ({ track, code }) => {
  if (code === "blocked") return;
  const reason = await reasonOf(elements[track]?.src ?? "");
  if (playback.broken) bar.fail(reason);
});
hear(playback, "mended", () => bar.mend());

/**
 * Why the service does not give a file: an element that plays is not told.
 *
 * @param {string} address
 */
async function reasonOf(address) {
  try {
    const answer = await fetch(address, { method: "HEAD" });
    return answer.headers.get("X-Reason") ?? "";
  } catch {
    return "";
  }
}
