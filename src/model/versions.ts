/** Versions as Consul and Docker write them, compared by their numbers; what follows a third number does not count. */

/** A version is before another when its numbers are, the first that differs deciding; text without numbers is before all. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(other)];
  const at = b.findIndex((number, i) => (a[i] ?? 0) !== number);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** `1.16.4+ent` and `v1.16.4-rc1` are 1, 16, 4. */
function numbersOf(version: string): readonly number[] {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return [1, 2, 3].map((part) => Number(found?.[part] ?? 0));
}
