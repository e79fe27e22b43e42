/** Text of others, made fit for a terminal. */

/** Names and texts from job files must not be able to steer the terminal of who reads them; tabs stay. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => (character === "\t" ? character : "\uFFFD"));
}
