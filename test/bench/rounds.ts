/** Interleaved rounds: A B C C B A …, so that what drifts during a run weighs on all alike; the first of each is dropped. */

/** Runs each contender once for warm-up, whose results are dropped, and then `rounds` times. */
export async function interleaved<K extends string>(
  contenders: Readonly<Record<K, () => Promise<number>>>,
  rounds: number,
): Promise<Readonly<Record<K, readonly number[]>>> {
  const names = Object.keys(contenders) as K[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await contenders[name]();
      if (round > 0) results[name].push(value);
    }
  }
  return results;
}
