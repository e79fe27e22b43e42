/** Functions of IP networks in CIDR notation. */
import { addressText, maskOf, networkText, parseNetwork, startOf } from "./addresses.ts";
import type { Network } from "./addresses.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { listOfStrings } from "./values.ts";

const PREFIX = { name: "prefix", wants: "string" } as const;
/** As in Nomad, whatever the version of IP. */
const MAX_NEW_BITS = 32;

export const NETWORK: readonly HclFunction[] = [
  define("cidrhost", {
    parameters: [PREFIX, { name: "host", wants: "large integer" }],
    summary: "The address of a host in the network; a number below 0 counts from the end.",
    example: 'cidrhost("10.12.112.0/20", 16)',
    call([prefix, host], at) {
      const network = networkAt("cidrhost", prefix, at);
      const size = 1n << BigInt(network.bits - network.prefix);
      if (host >= size || host < -size) throw wrong(at, 1, `The network ${prefix} has no host ${host}`);
      return addressText(network.address | (host < 0n ? size + host : host), network.bits);
    },
  }),
  define("cidrnetmask", {
    parameters: [PREFIX],
    summary: "The mask of the network as an address.",
    example: 'cidrnetmask("172.16.0.0/12")',
    call([prefix], at) {
      const network = networkAt("cidrnetmask", prefix, at);
      return addressText(maskOf(network), network.bits);
    },
  }),
  define("cidrsubnet", {
    parameters: [PREFIX, { name: "newbits", wants: "integer" }, { name: "number", wants: "integer" }],
    summary: "The network of that number among those whose prefix is longer by some bits.",
    example: 'cidrsubnet("172.16.0.0/12", 4, 2)',
    call([prefix, newBits, number], at) {
      const network = networkAt("cidrsubnet", prefix, at);
      const length = extended("cidrsubnet", network, newBits, 1, at);
      if (number < 0 || BigInt(number) >= 1n << BigInt(newBits)) {
        throw wrong(at, 2, `cidrsubnet() has no network ${number} with ${newBits} more bits`);
      }
      const address = network.address | (BigInt(number) << BigInt(network.bits - length));
      return networkText({ ...network, address, prefix: length });
    },
  }),
  define("cidrsubnets", {
    parameters: [PREFIX],
    rest: { name: "newbits", wants: "integer" },
    summary: "Networks one after the other, whose prefixes are longer by so many bits.",
    example: 'cidrsubnets("10.1.0.0/16", 4, 4, 8)',
    call([prefix, ...newBits], at) {
      const network = networkAt("cidrsubnets", prefix, at);
      let next = network.address;
      const networks = newBits.map((bits, index) => {
        if (bits < 1) throw wrong(at, index + 1, "A network of cidrsubnets() has at least 1 more bit");
        const subnet = nextSubnet(network, next, extended("cidrsubnets", network, bits, index + 1, at));
        if (subnet === undefined) throw wrong(at, index + 1, `The network ${prefix} has no room left for this one`);
        next = subnet.address + (1n << BigInt(subnet.bits - subnet.prefix));
        return networkText(subnet);
      });
      return listOfStrings(networks, at.range);
    },
  }),
];

function networkAt(name: string, text: string, at: CallSite): Network {
  const network = parseNetwork(text);
  if (network !== undefined) return network;
  const detail = 'Networks are written like "10.0.0.0/8" or "fd00::/8"';
  throw wrong(at, 0, `${name}() needs a network, not ${JSON.stringify(text)}`, detail);
}

/** The length of the longer prefix. */
function extended(name: string, network: Network, newBits: number, index: number, at: CallSite): number {
  const length = network.prefix + newBits;
  if (newBits < 0 || newBits > MAX_NEW_BITS)
    throw wrong(at, index, `${name}() extends prefixes by 0 to 32 bits, not ${newBits}`);
  if (length <= network.bits) return length;
  throw wrong(at, index, `A prefix of ${length} bits is too long: addresses have ${network.bits}`);
}

/** The first network of that length which starts at the address or after it. undefined: it is not in the network. */
function nextSubnet(network: Network, from: bigint, prefix: number): Network | undefined {
  const size = 1n << BigInt(network.bits - prefix);
  const address = startOf(from + size - 1n, prefix, network.bits);
  const end = network.address + (1n << BigInt(network.bits - network.prefix));
  return address + size > end ? undefined : { address, prefix, bits: network.bits };
}
