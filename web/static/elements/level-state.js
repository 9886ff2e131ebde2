// What a page stands for in raising a level: the same words as `level_state.py` says.

/** @import {AttendedSeen, CitizenView} from "../call/protocol.js" */

const ALL_WAYS = ["all", "electronic", "verified", "all"];
const BEST = ["represented", "helped"];
const ANSWERED = ["given", "refused"];
const HELD = ["given", "withdrawn", "ended"];

/**
 * @param {CitizenView} view
 * @returns {Record<string, string>}
 */
export function levelOfCitizen(view) {
  const last = view.consents.at(-1);
  const force = view.consents.some(({ stage }) => stage === "given");
  return {
    ...shared(view, { stage: last?.stage ?? "", hand: last?.answered_by ?? "", force }),
    texts: (last?.total ?? 0) > 1 ? "several" : "one",
    term: term(last?.days ?? 0),
  };
}

/**
 * The years that so many days of keeping are, whichever leap years are in them; 0 for what are no whole years. The
 * same as `whole_years` of `wording.py`.
 *
 * @param {number} days
 */
export function wholeYears(days) {
  const years = Math.round(days / 365.25);
  return Math.abs(days - years * 365.25) <= years / 4 + 1 ? years : 0;
}

/**
 * @param {AttendedSeen | null} seen
 * @returns {Record<string, string>}
 */
export function levelOfInformer(seen) {
  return {
    ...shared(seen, { stage: seen?.consent ?? "", hand: seen?.answered_by ?? "", force: seen?.in_force ?? false }),
    ways: ALL_WAYS[seen?.ways?.length ?? 0] ?? "all",
    script: seen?.script ? "some" : "none",
    best: BEST.find((kind) => seen?.outcomes.includes(kind)) ?? "informed",
    unhelped: withheldWord(seen, "helped"),
    unrepresented: withheldWord(seen, "represented"),
    bar: barWord(seen),
  };
}

/**
 * The last day of a habilitation for the attended level that lapsed, ISO 8601; empty when none did.
 *
 * @param {AttendedSeen | null} seen
 */
export function barUntil(seen) {
  return seen?.barred?.find(({ level }) => level === "attended")?.until ?? "";
}

/** @param {CitizenView} view */
export function recordedState(view) {
  if (!view.recorded) return "nothing";
  if (view.erased) return "erased";
  const held = view.consents.filter(({ stage }) => HELD.includes(stage));
  if (!held.some(({ purposes }) => purposes.includes("representation"))) return "clip";
  if (view.level !== "attended") return "part";
  return view.gaps ? "gaps" : "whole";
}

/** @param {number} days */
function term(days) {
  if (!days) return "none";
  return ["days", "year"][wholeYears(days)] ?? "years";
}

/**
 * @param {AttendedSeen | CitizenView | null} seen
 * @param {{ stage: string, hand: string, force: boolean }} answer
 */
function shared(seen, { stage, hand, force }) {
  const missing = seen?.missing ?? [];
  return {
    agreeing: agreeing(seen, missing, stage),
    hand: ANSWERED.includes(stage) && hand ? hand : "none",
    force: force ? "yes" : "no",
    habilitation: missing.includes("habilitation") ? "missing" : "none",
    lines: missing.includes("picture") ? "missing" : "none",
  };
}

/**
 * @param {AttendedSeen | CitizenView | null} seen
 * @param {readonly string[]} missing
 * @param {string} stage
 */
function agreeing(seen, missing, stage) {
  if (stage === "asked") return "asked";
  if (missing.includes("consent")) return "wanted";
  return seen && (seen.proposed || seen.level !== "informative") ? "given" : "none";
}

/**
 * @param {AttendedSeen | null} seen
 * @param {string} kind
 */
function withheldWord(seen, kind) {
  return seen?.withheld?.find((one) => one.kind === kind)?.reason ?? "none";
}

/** @param {AttendedSeen | null} seen */
function barWord(seen) {
  if (!seen?.barred?.some(({ level }) => level === "attended")) return "none";
  return barUntil(seen) ? "lapsed" : "missing";
}
