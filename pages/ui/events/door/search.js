// Names found as they are typed at a door: accents, case and a slip of the finger forgiven.

const LETTERS = { ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };

/** The words of a text without accents, case and punctuation, as the desk folds names. */
export function words(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}'’‘`]/gu, "")
    .replace(/[łøđðħıßæœþ]/g, (letter) => LETTERS[letter])
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** How well a name fits what was typed; 0: not at all. Every word typed must fit a word of the name. */
export function score(typed, name) {
  let sum = 0;
  for (const word of typed) {
    const best = Math.max(0, ...name.map((other) => like(word, other)));
    if (!best) return 0;
    sum += best;
  }
  return sum / typed.length;
}

function like(typed, name) {
  if (typed === name) return 100;
  if (name.startsWith(typed)) return 90;
  if (typed.length > 3 && name.includes(typed)) return 80;
  const forgiven = typed.length < 3 ? 0 : typed.length < 7 ? 1 : 2;
  const slips = forgiven ? slipsTo(typed, name) : 1;
  return slips <= forgiven ? 85 - 10 * slips : 0;
}

/** Letters to add, leave out, change or swap to come from what was typed to the name, or to its beginning. */
function slipsTo(typed, name) {
  let before = [];
  let row = Array.from({ length: name.length + 1 }, (_, at) => at);
  for (let i = 1; i <= typed.length; i++) {
    const next = [i];
    for (let j = 1; j <= name.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (typed[i - 1] !== name[j - 1]));
      if (i > 1 && j > 1 && typed[i - 1] === name[j - 2] && typed[i - 2] === name[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    [before, row] = [row, next];
  }
  return Math.min(...row.slice(Math.max(0, typed.length - 1)));
}
