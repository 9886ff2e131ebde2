// What the part of a page about visual identification stands for; the same words as `visual_state.py` says.

/** @import {AttendedSeen, CitizenView, VisualSeen} from "../call/protocol.js" */

const OVER = ["stopped", "refused", "lapsed", "ended", "accepted"];

/**
 * Where it stands: its stage, `asked` before it begins, or `none` when it is no matter now.
 *
 * @param {AttendedSeen | CitizenView | null} seen
 * @returns {string}
 */
export function visualWord(seen) {
  const stage = seen?.visual?.stage ?? "none";
  if (!seen?.identification_asked) return OVER.includes(stage) ? stage : "none";
  if (seen.identification_way !== "visual") return "none";
  return stage === "none" || OVER.includes(stage) ? "asked" : stage;
}

/**
 * What both people's parts have in common.
 *
 * @param {AttendedSeen | CitizenView | null} seen
 * @returns {Record<string, string>}
 */
export function sharedState(seen) {
  const visual = seen?.visual;
  return {
    visual: visualWord(seen),
    pause: visual?.interrupted ? "yes" : "no",
    again: visual?.restarts ? "yes" : "no",
    code: visual?.code_sent ? "sent" : "none",
    digits: visual?.digits ? "some" : "none",
  };
}

/**
 * What only the informer's part has.
 *
 * @param {VisualSeen | undefined} visual
 * @returns {Record<string, string>}
 */
export function informerState(visual) {
  return {
    kind: visual?.kind || "none",
    paper: paperState(visual),
    lacking: visual?.lacking || "none",
    entitled: visual?.habilitated ?? "missing",
  };
}

/** @param {VisualSeen | undefined} visual */
function paperState(visual) {
  if (!visual?.paper) return "none";
  return visual.paper.failed.length ? "faulty" : "sound";
}

/**
 * The word of a code, out of the page's book.
 *
 * @param {string} code
 * @returns {string}
 */
export function word(code) {
  const book = document.querySelector("#visual-words");
  const found = book instanceof HTMLTemplateElement && book.content.querySelector(`[data-code="${CSS.escape(code)}"]`);
  return (found && found.textContent) || code;
}
