/** Exact decimal arithmetic for the numbers that a double would change: 0.1 + 0.2, and integers beyond 2^53. */

/** digits × 10^-scale; scale is never negative. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** More places than this on either side of the point are left to doubles. */
const MAX_PLACES = 400;
/** Places to which a division is carried on; HCL's own numbers have some 150. */
const DIVISION_PLACES = 40;

/** undefined: not a decimal number, or one with too many places. */
export function parseDecimal(text: string): Decimal | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = found ?? [];
  if (found === null || whole + fraction === "") return undefined;
  const scale = fraction.length - Number(exponent);
  if (Math.abs(scale) > MAX_PLACES || whole.length + fraction.length > MAX_PLACES) return undefined;
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`) * 10n ** BigInt(Math.max(0, -scale));
  return shortest({ digits, scale: Math.max(0, scale) });
}

/** All digits and no exponent, as HCL prints numbers. */
export function decimalText({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

export type Operation = (a: Decimal, b: Decimal) => Decimal | undefined;

/** Each returns undefined where the exact result has too many places. */
export const DECIMAL: Readonly<Record<"+" | "-" | "*" | "/" | "%", Operation>> = {
  "+": (a, b) => aligned(a, b, (x, y) => x + y),
  "-": (a, b) => aligned(a, b, (x, y) => x - y),
  "*": (a, b) => bounded({ digits: a.digits * b.digits, scale: a.scale + b.scale }),
  "/": divided,
  "%": (a, b) => aligned(a, b, (x, y) => x % y),
};

export function compareDecimals(a: Decimal, b: Decimal): number {
  const [x, y] = [scaled(a, b.scale), scaled(b, a.scale)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function aligned(a: Decimal, b: Decimal, compute: (x: bigint, y: bigint) => bigint): Decimal | undefined {
  return bounded({ digits: compute(scaled(a, b.scale), scaled(b, a.scale)), scale: Math.max(a.scale, b.scale) });
}

function scaled({ digits, scale }: Decimal, other: number): bigint {
  return digits * 10n ** BigInt(Math.max(0, other - scale));
}

function divided(a: Decimal, b: Decimal): Decimal | undefined {
  const dividend = scaled(a, b.scale) * 10n ** BigInt(DIVISION_PLACES);
  const divisor = scaled(b, a.scale);
  return dividend % divisor === 0n ? bounded({ digits: dividend / divisor, scale: DIVISION_PLACES }) : undefined;
}

function bounded(decimal: Decimal): Decimal | undefined {
  const short = shortest(decimal);
  return short.scale > MAX_PLACES || String(short.digits).length > MAX_PLACES ? undefined : short;
}

/** Without zeros at the end of the fraction. */
function shortest({ digits, scale }: Decimal): Decimal {
  let [rest, places] = [digits, scale];
  while (places > 0 && rest % 10n === 0n) [rest, places] = [rest / 10n, places - 1];
  return { digits: rest, scale: places };
}
