/** How wide a text is, in what people see as characters. */

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const ASCII = /^[\x20-\x7E]*$/;

/** Grapheme clusters (Unicode UAX 29), a tab and a line end being one each, as in HCL's own formatter. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let count = 0;
  for (const { segment } of segmenter.segment(text)) count += segment.length > 0 ? 1 : 0;
  return count;
}
