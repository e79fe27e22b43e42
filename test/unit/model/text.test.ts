/** Run-time interpolation, names of variables, and secrets that cannot be printed. */
import { format, inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanEnvName, interpolate, interpolateRecord } from "../../../src/model/interpolate.ts";
import { Secret } from "../../../src/model/secret.ts";

const values = new Map([
  ["NOMAD_PORT_http", "8080"],
  ["NOMAD_PORT_connect-proxy-x", "20000"],
  ["node.datacenter", "dc1"],
  ["odd name", "odd"],
  ["self", "${self}"],
]);

describe("interpolation", () => {
  test.each([
    ["http://h:${NOMAD_PORT_http}/", "http://h:8080/"],
    ["${NOMAD_PORT_connect-proxy-x}", "20000"],
    ["${ node.datacenter }-${node.datacenter}", "dc1-dc1"],
    ['${env["NOMAD_PORT_http"]}', "8080"],
    ['${env["odd name"]}', "odd"],
  ])("replaces what is known: %s", (text, result) => {
    expect(interpolate(text, values)).toBe(result);
  });

  test.each(["${unknown}", '${env["unknown"]}', "$NOMAD_PORT_http", "${}", "${a b}", "$${", "{NOMAD_PORT_http}"])(
    "leaves as it is what it does not know: %s",
    (text) => {
      expect(interpolate(text, values)).toBe(text);
    },
  );

  test("does not look into what it has put in", () => {
    expect(interpolate("${self}", values)).toBe("${self}");
  });

  test("reaches keys and values of a record", () => {
    expect(interpolateRecord({ "${node.datacenter}": "${NOMAD_PORT_http}" }, values)).toEqual({ dc1: "8080" });
  });

  test("leaves text without references alone", () => {
    const plain = fc.string().filter((text) => !text.includes("${"));
    fc.assert(
      fc.property(plain, (text) => {
        expect(interpolate(text, values)).toBe(text);
      }),
    );
  });
});

describe("the name of a variable", () => {
  test.each([
    ["NOMAD_ADDR_connect-proxy-api", "NOMAD_ADDR_connect_proxy_api"],
    ["count-api", "count_api"],
    ["a.b", "a.b"],
    ["9lives", "_lives"],
    ["é", "_"],
  ])("%s is told as %s", (name, clean) => {
    expect(cleanEnvName(name)).toBe(clean);
  });

  test("once cleaned is clean", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const clean = cleanEnvName(name);
        expect(clean).toMatch(/^([A-Za-z_.][A-Za-z0-9_.]*)?$/);
        expect(cleanEnvName(clean)).toBe(clean);
      }),
    );
  });
});

describe("a secret", () => {
  const value = "5f0c1d2e-very-secret";
  const secret = new Secret(value);
  const ways: Readonly<Record<string, string>> = {
    "as text": String(secret),
    "in a template": `token ${secret as unknown as string}`,
    "joined to text": "token " + secret,
    "as JSON": JSON.stringify({ secret, list: [secret] }),
    "by util.inspect": inspect({ secret }, { depth: 9, showHidden: true, getters: true }),
    "by util.format": format("%s %o %j", secret, secret, secret),
    "by its own keys": JSON.stringify([...Object.entries(secret), ...Object.getOwnPropertyNames(secret)]),
    "in an error": inspect(new Error("failed", { cause: secret }), { depth: 9 }),
  };

  test.each(Object.keys(ways))("is not printed %s", (way) => {
    expect(ways[way]).not.toContain(value);
  });

  test("is revealed to the one place that sends it", () => {
    expect(secret.reveal()).toBe(value);
  });
});
