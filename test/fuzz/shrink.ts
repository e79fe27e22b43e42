/** Makes a failing text as short as it gets while it still fails. */

/** Takes out ever smaller pieces; `fails` is asked a few hundred times. */
export async function shrink(text: string, fails: (text: string) => Promise<boolean>): Promise<string> {
  let best = text;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    best = await without(best, size, fails);
  }
  return best;
}

async function without(text: string, size: number, fails: (text: string) => Promise<boolean>): Promise<string> {
  let best = text;
  for (let at = 0; at < best.length;) {
    const shorter = best.slice(0, at) + best.slice(at + size);
    if (shorter.isWellFormed() && (await fails(shorter))) best = shorter;
    else at += size;
  }
  return best;
}
