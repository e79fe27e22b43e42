/** The statistics of the benches. */
import { describe, expect, test } from "vitest";
import { exponent, median, quantile, ratioOfMedians, spread } from "../../bench/stats.ts";

describe("quantiles", () => {
  test("lie between two values in proportion, whatever the order of the values", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([40, 10, 20, 30, 0], 0.95)).toBeCloseTo(38);
  });

  test("of one value are that value, and of none are no number", () => {
    expect(spread([7])).toEqual({ n: 1, p50: 7, p95: 7, min: 7, max: 7 });
    expect(median([])).toBeNaN();
  });

  test("leave the values as they were given", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("a ratio of medians", () => {
  test("has an interval that holds it, and that is the same in every run", () => {
    const [a, b] = [
      [110, 130, 120, 125, 118],
      [100, 104, 96, 101, 99],
    ];
    const { ratio, low, high } = ratioOfMedians(a, b);
    expect(ratio).toBe(1.2);
    expect(low).toBeLessThanOrEqual(ratio);
    expect(high).toBeGreaterThanOrEqual(ratio);
    expect(low).toBeGreaterThanOrEqual(110 / 104);
    expect(high).toBeLessThanOrEqual(130 / 96);
    expect(ratioOfMedians(a, b)).toEqual({ ratio, low, high });
  });

  test("of values that do not vary has no width", () => {
    expect(ratioOfMedians([6, 6, 6], [3, 3, 3])).toEqual({ ratio: 2, low: 2, high: 2 });
  });

  test("is the wider, the more the values vary", () => {
    const width = (values: readonly number[]): number => {
      const { low, high } = ratioOfMedians(values, [100, 100, 100]);
      return high - low;
    };
    expect(width([100, 150, 200, 250, 300])).toBeGreaterThan(width([190, 195, 200, 205, 210]));
  });
});

describe("an exponent of growth", () => {
  const sizes = [100, 300, 1000];

  test("is the power with which the values grow", () => {
    const grows = (power: number): number => exponent(sizes.map((size) => [size, 5 * size ** power]));
    for (const power of [0, 0.5, 1, 2]) expect(grows(power)).toBeCloseTo(power);
  });
});
