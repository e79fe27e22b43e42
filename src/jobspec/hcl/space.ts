/** What counts as white space in HCL's templates: Unicode's White_Space, which is not quite what JavaScript trims. */

const LEADING = /^[\t-\r \u0085\p{Z}]+/u;
const TRAILING = /[\t-\r \u0085\p{Z}]+$/u;

export function trimSpace(text: string): string {
  return trimEnd(trimStart(text));
}

export function trimStart(text: string): string {
  return text.replace(LEADING, "");
}

export function trimEnd(text: string): string {
  return text.replace(TRAILING, "");
}
