/** Functions of hashes, passwords and keys, and names that are made by hashing. */
import { encodeBase64, hashSync } from "bcryptjs";
import { constants, createHash, createPrivateKey, privateDecrypt } from "node:crypto";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";
import { base64Bytes, utf8 } from "./base64.ts";

const TEXT = { name: "text", wants: "string" } as const;

/** Rounds of 2^10, as in Nomad. */
const BCRYPT_COST = 10;
/** What one round costs in the budget's units: the limit is some tenths of a second. */
const ROUND_COST = 300;
/** One more takes twice as long, and this one takes a good part of a second. */
const MAX_COST = 12;

export const HASHES: readonly HclFunction[] = [
  define("bcrypt", {
    parameters: [{ name: "password", wants: "string" }],
    rest: { name: "cost", wants: "integer" },
    summary:
      "The bcrypt hash of the first 72 bytes of a password, with a cost of 10 or another; its salt depends on the file and the place, not on chance.",
    example: 'substr(bcrypt("secret", 4), 0, 7)',
    call([password, ...costs], at) {
      const [cost = BCRYPT_COST] = costs;
      if (costs.length > 1) throw wrong(at, 2, "bcrypt() takes 2 arguments at most");
      return bcryptHash(password, cost < 4 ? BCRYPT_COST : cost, at);
    },
  }),
  ...(["md5", "sha1", "sha256", "sha512"] as const).map((name) =>
    define(name, {
      parameters: [TEXT],
      summary: `The ${name.replace("sha", "SHA-").replace("md5", "MD5")} hash of the text, in hexadecimal digits.`,
      example: name === "sha512" ? 'substr(sha512("hello"), 0, 16)' : `${name}("hello")`,
      call: ([text]) => createHash(name).update(text).digest("hex"),
    }),
  ),
  define("rsadecrypt", {
    parameters: [
      { name: "ciphertext", wants: "string" },
      { name: "key", wants: "string" },
    ],
    summary: "What was encrypted by RSA (PKCS #1 v1.5, in Base64) for this private key (PEM).",
    example: 'can(rsadecrypt("AA==", "no key"))',
    call([ciphertext, key], at) {
      const bytes = base64Bytes(ciphertext);
      if (bytes === undefined) throw wrong(at, 0, "The ciphertext of rsadecrypt() must be Base64");
      const message = rsaMessage(bytes, key, at);
      const text = message && utf8(message);
      if (text === undefined) throw wrong(at, 0, "rsadecrypt() finds no text that was encrypted for this key");
      return text;
    },
  }),
];

function bcryptHash(password: string, cost: number, at: CallSite): string {
  if (cost > 31) throw wrong(at, 1, `The cost of bcrypt() is 4 to 31, not ${cost}`);
  if (cost > MAX_COST) {
    throw wrong(
      at,
      1,
      `A cost of ${cost} takes bcrypt() too long: job files are read again and again`,
      `${MAX_COST} is the limit`,
    );
  }
  at.budget.spend(2 ** cost * ROUND_COST, at.range);
  const salt = createHash("sha256").update(`bcrypt ${at.seed()}`).digest().subarray(0, 16);
  return hashSync(password, `$2a$${String(cost).padStart(2, "0")}$${encodeBase64(salt, 16)}`);
}

/** undefined: the padding is wrong. */
function rsaMessage(ciphertext: Uint8Array, pem: string, at: CallSite): Uint8Array | undefined {
  const body = /-----BEGIN [^-]+-----\s([^-]*)-----END [^-]+-----/.exec(pem)?.[1];
  if (body === undefined) throw wrong(at, 1, "The key of rsadecrypt() must be a private key in PEM");
  if (/^Proc-Type: 4,ENCRYPTED/m.test(body)) throw wrong(at, 1, "The key of rsadecrypt() must not need a password");
  const der = Buffer.from(body.replaceAll(/^[\w-]+:.*$/gm, ""), "base64");
  at.budget.spend(100_000, at.range);
  try {
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs1" });
    return unpadded(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, ciphertext));
  } catch {
    throw wrong(
      at,
      1,
      "rsadecrypt() cannot use this key for this ciphertext",
      "It takes private keys of RSA without a password",
    );
  }
}

/** Strips 0, 2, eight or more bytes that are not 0, and a 0 (RFC 8017 §7.2.2). */
function unpadded(block: Uint8Array): Uint8Array | undefined {
  const end = block.indexOf(0, 2);
  return block[0] === 0 && block[1] === 2 && end >= 10 ? block.subarray(end + 1) : undefined;
}
