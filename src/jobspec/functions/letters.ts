/** Capitals and small letters, one character at a time: no letter becomes two, and neighbours do not matter. */

const WORD_CHARACTER = /[\p{L}\p{Nd}_]/u;

export function raised(text: string): string {
  return mapped(text, raise);
}

export function lowered(text: string): string {
  return mapped(text, lower);
}

/** The first letter of every word in capitals. */
export function titled(text: string, space: RegExp): string {
  let atStart = true;
  return mapped(text, (character) => {
    const result = atStart ? raise(character) : character;
    atStart = isSeparator(character, space);
    return result;
  });
}

function mapped(text: string, map: (character: string) => string): string {
  return Array.from(text, map).join("");
}

function raise(character: string): string {
  return single(character, character.toUpperCase());
}

function lower(character: string): string {
  return character === "İ" ? "i" : single(character, character.toLowerCase());
}

/** A mapping to several characters (`ß` to `SS`) does not count. */
function single(character: string, mapped: string): string {
  return Array.from(mapped).length === 1 ? mapped : character;
}

/** Of the characters outside ASCII only white space ends a word. */
function isSeparator(character: string, space: RegExp): boolean {
  if (character < "\u0080") return !/\w/.test(character);
  return !WORD_CHARACTER.test(character) && space.test(character);
}
