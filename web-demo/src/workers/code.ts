// Codes, as the engine reads them: checked while they are typed, before anything is asked.

/** Without 0, 1, i, l and o. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
const CHARACTERS = 18;
const TEXT_MAX = 200;

/** What a text that was typed or pasted says. */
export type ReadCode =
  | { readonly code: string; readonly site: string }
  /** `form`: it is no site's key and eighteen characters; `character`: it has one that no code has; `typo`: the last does not fit. */
  | { readonly wrong: "form" | "typo" }
  | { readonly wrong: "character"; readonly character: string };

/** Reads a code however it was typed: wide letters, blanks, capitals, any dashes, or none. */
export function readCode(text: string): ReadCode {
  const all = [...text.trim()].slice(0, TEXT_MAX).map(narrow).join("").replace(/^inbox-/, "");
  const kept: string[] = [];
  let at = all.length;
  while (kept.length < CHARACTERS) {
    at -= 1;
    const character = all[at];
    if (character === undefined) return { wrong: "form" };
    if (character === "-") continue;
    if (!ALPHABET.includes(character)) return { wrong: "character", character };
    kept.unshift(character);
  }
  // Without something in between, a character too few would be made up for by the site's key.
  const rest = all.slice(0, at);
  const site = rest.replace(/-+$/, "");
  if (site === rest || !/^[a-z0-9-]{1,40}$/.test(site)) return { wrong: "form" };
  if (sum(site, kept) !== 0) return { wrong: "typo" };
  return { code: written(site, kept), site };
}

function written(site: string, characters: readonly string[]): string {
  const groups: string[] = [];
  for (let at = 0; at < characters.length; at += 3) groups.push(characters.slice(at, at + 3).join(""));
  return [site, ...groups].join("-");
}

/** Zero for a code without a typo. */
function sum(site: string, characters: readonly string[]): number {
  let sum = 0;
  for (const character of site) sum = (sum * 3 + character.charCodeAt(0)) % ALPHABET.length;
  characters.forEach((character, index) => {
    sum = (sum + (index + 1) * ALPHABET.indexOf(character)) % ALPHABET.length;
  });
  return sum;
}

/** What an input method for Chinese makes of ASCII is taken for that. */
function narrow(character: string): string {
  if (/[\uff01-\uff5e]/.test(character)) {
    return narrow(String.fromCharCode(character.charCodeAt(0) - 0xfee0));
  }
  return /[\u2010-\u2015\u2212_/.·\s-]/.test(character) ? "-" : character.toLowerCase();
}
