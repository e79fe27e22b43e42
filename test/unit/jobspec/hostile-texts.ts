/** Long texts of one kind, for files that nobody writes by accident. */

/** A text of about so many characters, where its kind has no size of its own. */
export type Texts = Readonly<Record<string, (size: number) => string>>;

/** `unit` as often as fits into a file, between what opens and closes it. */
export function fill(size: number, unit: string, open = "", close = ""): string {
  return `${open}${unit.repeat(Math.floor((size - open.length - close.length) / unit.length))}${close}`;
}

/** The same with a number in each: `make(0)`, `make(1)`, … */
export function count(size: number, make: (n: number) => string, open = "", close = ""): string {
  const parts: string[] = [open];
  let left = size - open.length - close.length;
  for (let n = 0; ; n++) {
    const part = make(n);
    left -= part.length;
    if (left < 0) return [...parts, close].join("");
    parts.push(part);
  }
}

/** Opened and closed again, as deep as a file can be. */
export function nest(size: number, open: string, close: string, before = "a = ", inside = "1"): string {
  const times = Math.floor((size - before.length - inside.length) / (open.length + close.length));
  return `${before}${open.repeat(times)}${inside}${close.repeat(times)}`;
}
