/** IP addresses and networks of both versions, as numbers and as people write them. */

export interface Network {
  readonly address: bigint;
  readonly prefix: number;
  /** 32 or 128. */
  readonly bits: number;
}

/** The bits after the prefix are cleared. undefined: it is no network in CIDR notation. */
export function parseNetwork(text: string): Network | undefined {
  const [, host = "", length = ""] = /^([^/]*)\/(\d{1,7})$/.exec(text) ?? [];
  const bits = host.includes(":") ? 128 : 32;
  const address = bits === 128 ? parseV6(host) : parseV4(host);
  const prefix = Number(length);
  if (address === undefined || length === "" || prefix > bits) return undefined;
  return { address: startOf(address, prefix, bits), prefix, bits };
}

/** The first address of the network that an address is in. */
export function startOf(address: bigint, prefix: number, bits: number): bigint {
  const size = BigInt(bits - prefix);
  return (address >> size) << size;
}

/** The mask of a network as an address. */
export function maskOf({ prefix, bits }: Network): bigint {
  return startOf((1n << BigInt(bits)) - 1n, prefix, bits);
}

export function networkText({ address, prefix, bits }: Network): string {
  return `${addressText(address, bits)}/${prefix}`;
}

/** IPv6 in the form of RFC 5952. */
export function addressText(address: bigint, bits: number): string {
  if (bits === 32 || address >> 32n === 0xffffn) return v4Text(address & 0xffffffffn);
  const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(112 - 16 * index)) & 0xffffn);
  const text = groups.map((group) => group.toString(16)).join(":");
  const zeros = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].toSorted(
    (a, b) => b[0].split("0").length - a[0].split("0").length,
  );
  const longest = zeros[0];
  if (longest === undefined) return text;
  const end = longest.index + longest[0].length;
  return `${text.slice(0, longest.index)}::${text.slice(end).replace(/^:/, "")}`;
}

function v4Text(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join(".");
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? [] : groupsOf(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<bigint>(missing).fill(0n), ...after];
  return groups.reduce((sum, group) => sum * 65536n + group, 0n);
}

/** The last two groups of an address may be written as IPv4. */
function groupsOf(text: string, isEnd: boolean): bigint[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const last = parts.at(-1) ?? "";
  const v4 = isEnd && last.includes(".") ? parseV4(last) : undefined;
  const plain = v4 === undefined ? parts : parts.slice(0, -1);
  if (!plain.every((part) => /^[\da-f]{1,4}$/i.test(part))) return undefined;
  const groups = plain.map((part) => BigInt(`0x${part}`));
  return v4 === undefined ? groups : [...groups, v4 >> 16n, v4 & 0xffffn];
}
