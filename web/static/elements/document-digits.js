// The letter and the digits by which a document checks itself, while they are typed. The service computes the same
// (`domain/papers.py`, `domain/mrz.py`) and has the last word; a test holds the two together.

const LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
const FIRST_OF_NIE = "XYZ";
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const WEIGHTS = [7, 3, 1];

/** @param {string} typed a number as it is compared: capitals, without what people write in between */
const plain = (typed) => typed.toUpperCase().replace(/[ .\-·/]/g, "");

/** @param {string} text in the signs of the zone; the digit of ICAO 9303-3, 4.9 */
const digit = (text) =>
  String([...text].reduce((sum, sign, place) => sum + Math.max(SIGNS.indexOf(sign), 0) * (WEIGHTS[place % 3] ?? 0), 0) % 10);

/**
 * Whether a number can be one of this kind of document.
 *
 * @param {string} kind dni3, dni4, tie, passport
 * @param {string} typed
 * @returns {boolean | undefined} undefined while it is too short to say
 */
export function numberFits(kind, typed) {
  const number = plain(typed);
  if (kind === "passport") return number ? /^[0-9A-Z]{1,9}$/.test(number) : undefined;
  if (number.length < 9) return undefined;
  const foreign = FIRST_OF_NIE.includes(number.charAt(0));
  const digits = foreign ? `${FIRST_OF_NIE.indexOf(number.charAt(0))}${number.slice(1, 8)}` : number.slice(0, 8);
  const fits = /^[0-9]{8}$/.test(digits) && number.slice(8) === LETTERS.charAt(Number(digits) % LETTERS.length);
  return fits && foreign === (kind === "tie");
}

/**
 * The checks of the lines at the foot that do not hold, by name.
 *
 * @param {string} typed
 * @returns {string[] | undefined} undefined while the lines are not whole
 */
export function wrongInZone(typed) {
  const lines = typed.split("\n").map((line) => line.toUpperCase().replace(/\s/g, "")).filter(Boolean);
  const size = `${lines.length} ${lines.map((line) => line.length).join(" ")}`;
  if (!lines.every((line) => /^[0-9A-Z<]+$/.test(line))) return undefined;
  const checks = size === "3 30 30 30" ? ofCard(lines) : size === "2 44 44" ? ofPassport(lines) : undefined;
  return checks?.filter(([, text, told]) => digit(text) !== told).map(([name]) => name);
}

/**
 * @param {string[]} lines
 * @returns {[string, string, string][]} name, what is computed, and the digit that it shall have
 */
function ofCard([first = "", second = ""]) {
  return [
    ["mrz_number", ...longNumber(first)],
    ["mrz_birth", second.slice(0, 6), second.charAt(6)],
    ["mrz_expiry", second.slice(8, 14), second.charAt(14)],
    ["mrz_whole", first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29), second.charAt(29)],
  ];
}

/**
 * @param {string} first a number of more than nine signs goes on where its digit would be
 * @returns {[string, string]}
 */
function longNumber(first) {
  const [tail = ""] = first.slice(15).split("<");
  if (first.charAt(14) !== "<" || tail.length < 2) return [first.slice(5, 14), first.charAt(14)];
  return [first.slice(5, 14) + tail.slice(0, -1), tail.slice(-1)];
}

/**
 * @param {string[]} lines
 * @returns {[string, string, string][]}
 */
function ofPassport([, second = ""]) {
  const personal = second.slice(28, 42);
  const told = /^<*$/.test(personal) && second.charAt(42) === "<" ? "0" : second.charAt(42);
  return [
    ["mrz_number", second.slice(0, 9), second.charAt(9)],
    ["mrz_birth", second.slice(13, 19), second.charAt(19)],
    ["mrz_expiry", second.slice(21, 27), second.charAt(27)],
    ["mrz_personal", personal, told],
    ["mrz_whole", second.slice(0, 10) + second.slice(13, 20) + second.slice(21, 43), second.charAt(43)],
  ];
}
