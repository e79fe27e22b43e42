/** How wide a text is, in what people see as characters. */

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const ASCII = /^[\0-\x7F]*$/;

/** Grapheme clusters (Unicode UAX 29), as in HCL's own formatter: a tab is one, and so is a line end. */
export function widthOf(text: string): number {
  // The segmenter takes memory for every text, even for the line ends, and nearly all texts are ASCII.
  if (ASCII.test(text)) return text.includes("\r\n") ? text.replaceAll("\r\n", "\n").length : text.length;
  let count = 0;
  for (const { segment } of segmenter.segment(text)) count += segment.length > 0 ? 1 : 0;
  return count;
}
