/** The little statistics the benches need: medians, quantiles, a bootstrap interval of a ratio, a growth exponent. */

/** The value below which a share `q` (0..1) of the values lies, between two values in proportion; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const [p50, p95, min, max] = [0.5, 0.95, 0, 1].map((q) => quantile(values, q)) as [number, number, number, number];
  return { n: values.length, p50, p95, min, max };
}

export interface Ratio {
  /** Of the medians. */
  readonly ratio: number;
  /** Ends of the 95 % bootstrap interval (percentile method). */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

/** median(a) / median(b). The resampling has a seed of its own, so the same values give the same interval. */
export function ratioOfMedians(a: readonly number[], b: readonly number[]): Ratio {
  const next = generator(12_345);
  const again = (values: readonly number[]): number[] =>
    values.map(() => values[Math.floor(next() * values.length)] ?? Number.NaN);
  const ratios = Array.from({ length: RESAMPLES }, () => median(again(a)) / median(again(b)));
  return { ratio: median(a) / median(b), low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) };
}

/** Slope of the least-squares line through (log x, log y): 0 is constant, 1 is linear. */
export function exponent(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (pick: 0 | 1): number => logs.reduce((sum, point) => sum + point[pick], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const up = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const along = logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return up / along;
}

/** Marsaglia's xorshift32: numbers in 0..1 that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
