/** What holds for functions whatever they are given. */
import { createPublicKey, constants, generateKeyPairSync, publicEncrypt } from "node:crypto";
import { compareSync } from "bcryptjs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonText } from "../../../../src/jobspec/functions/json-encode.ts";
import { evaluated, jobOf } from "../support.ts";
import { problemOf } from "./support.ts";

/** A text as HCL writes it. */
function literal(text: string): string {
  return JSON.stringify(text)
    .replaceAll("${", "$${")
    .replaceAll("%{", "%%{")
    .replaceAll(/\\[bf]/g, (each) => (each === "\\b" ? "\\u0008" : "\\u000c"));
}

/** Any text: well formed, and in the normal form that HCL's texts have. */
const text = fc.string({ unit: "grapheme", maxLength: 30 }).map((each) => each.normalize("NFC"));
const plain = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    plain,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

function check<T>(arbitrary: fc.Arbitrary<T>, holds: (given: T) => void): void {
  fc.assert(fc.property(arbitrary, holds), { seed: 4656, numRuns: 300 });
}

describe("what is encoded is decoded to the same", () => {
  test("Base64", () => {
    check(text, (each) => {
      expect(evaluated(`base64decode(base64encode(${literal(each)}))`)).toBe(each);
    });
  });

  test("JSON", () => {
    check(value, (each) => {
      expect(evaluated(`jsondecode(${literal(JSON.stringify(each))})`)).toEqual(each);
    });
    check(value, (each) => {
      const encoded = String(evaluated(`jsonencode(jsondecode(${literal(JSON.stringify(each))}))`));
      expect(JSON.parse(encoded)).toEqual(each);
    });
  });

  test("YAML", () => {
    check(value, (each) => {
      const call = `yamldecode(yamlencode(jsondecode(${literal(JSON.stringify(each))})))`;
      expect(evaluated(call)).toEqual(each);
    });
  });

  test("CSV", () => {
    const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", "é"), maxLength: 6 });
    check(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), (rows) => {
      const quoted = (each: string): string => `"${each.replaceAll('"', '""')}"`;
      const csv = ["a,b", ...rows.map((row) => row.map(quoted).join(","))].join("\n");
      expect(evaluated(`csvdecode(${literal(csv)})`)).toEqual(rows.map(([a, b]) => ({ a, b })));
    });
  });
});

test("split undoes join", () => {
  check(
    fc.array(
      text.filter((each) => !each.includes(",")),
      { minLength: 1, maxLength: 5 },
    ),
    (parts) => {
      expect(evaluated(`split(",", join(",", [${parts.map(literal).join(", ")}]))`)).toEqual(parts);
    },
  );
});

test("what is reversed twice is what it was", () => {
  check(text, (each) => {
    const turned = String(evaluated(`reverse(reverse(${literal(each)}))`));
    expect(Array.from(turned).toSorted()).toEqual(Array.from(each).toSorted());
  });
});

test("a host is in its network, and subnets divide it", () => {
  check(fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 24 }), fc.nat(255)), ([address, length, host]) => {
    const network = `cidrhost("${address}/${length}", ${host})`;
    const start = evaluated(`cidrhost("${address}/${length}", 0)`);
    expect(evaluated(`cidrhost("\${${network}}/${length}", 0)`)).toBe(start);
  });
  check(
    fc.tuple(fc.ipV6(), fc.integer({ min: 1, max: 96 }), fc.integer({ min: 1, max: 32 })),
    ([address, length, bits]) => {
      const subnets = evaluated(`cidrsubnets("${address}/${length}", ${bits}, ${bits})`);
      const numbered = evaluated(
        `[cidrsubnet("${address}/${length}", ${bits}, 0), cidrsubnet("${address}/${length}", ${bits}, 1)]`,
      );
      expect(subnets).toEqual(numbered);
    },
  );
});

test("a duration that is added and taken away changes nothing", () => {
  check(fc.integer({ min: 0, max: 8_000_000_000 }), (seconds) => {
    const time = "2020-02-29T12:34:56+05:30";
    expect(evaluated(`timeadd(timeadd("${time}", "${seconds}s"), "-${seconds}s")`)).toBe(time);
  });
});

test("sets do not care for order", () => {
  check(fc.array(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.boolean().map(String)), { maxLength: 8 }), (items) => {
    const list = (each: readonly unknown[]): string =>
      jsonText({ kind: "string", value: JSON.stringify(each), range: { start: 0, end: 0 } });
    const union = (each: readonly unknown[]): unknown => evaluated(`setunion(jsondecode(${list(each)}))`);
    expect(union(items)).toEqual(union(items.toReversed()));
  });
});

describe("a file means the same every time", () => {
  test("a call gives the same UUID again, and another call another", () => {
    const two = evaluated("[uuidv4(), uuidv4()]") as string[];
    expect(evaluated("[uuidv4(), uuidv4()]")).toEqual(two);
    expect(new Set(two).size).toBe(2);
    expect(two[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  test("another text gives another UUID", () => {
    expect(evaluated("uuidv4()")).not.toBe(evaluated("uuidv4( )"));
  });

  test("every round of a for has its own", () => {
    const all = evaluated("[for i in range(3): [for j in range(3): uuidv4()]]") as string[][];
    expect(new Set(all.flat()).size).toBe(9);
  });

  test("equal strings of a YAML file have their own, and those of another file others", () => {
    const file = (name: string): string => `job:
  j:
    datacenters: [dc1]
    meta: { a: "\${uuidv4()}", b: "\${uuidv4()}", name: ${name} }
    group: { g: { task: { t: { driver: docker, config: { image: i } } } } }
`;
    const ids = [file("x"), file("y"), file("x")].map((each) => {
      const { meta } = jobOf(each, "job.yaml");
      return [meta["a"], meta["b"]];
    });
    expect(new Set(ids.flat()).size).toBe(4);
    expect(ids[2]).toEqual(ids[0]);
  });

  test("bcrypt gives the same hash of the password again", () => {
    const hash = String(evaluated('bcrypt("secret", 4)'));
    expect(evaluated('bcrypt("secret", 4)')).toBe(hash);
    expect(compareSync("secret", hash)).toBe(true);
    expect(compareSync("Secret", hash)).toBe(false);
  });
});

describe("rsadecrypt", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" });
  const encrypted = (bytes: Uint8Array): string =>
    publicEncrypt({ key: createPublicKey(privateKey), padding: constants.RSA_PKCS1_PADDING }, bytes).toString("base64");

  test("reads what was encrypted for the key", () => {
    expect(evaluated(`rsadecrypt("${encrypted(Buffer.from("Grüße"))}", ${literal(String(pem))})`)).toBe("Grüße");
  });

  test("refuses what was not, and what is no key", () => {
    const { privateKey: other } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const wrong = literal(String(other.export({ type: "pkcs1", format: "pem" })));
    const ciphertext = encrypted(Buffer.from("x"));
    expect(problemOf(`rsadecrypt("${ciphertext}", ${wrong})`).summary).toMatch(
      /^rsadecrypt\(\) (?:finds no text that was encrypted for this key|cannot use this key for this ciphertext)$/,
    );
    expect(problemOf(`rsadecrypt("${ciphertext}", "key")`).summary).toMatch(/must be a private key in PEM/);
    expect(problemOf(`rsadecrypt("${encrypted(Uint8Array.of(0xff, 0xfe))}", ${literal(String(pem))})`).summary).toMatch(
      /finds no text/,
    );
  });
});
