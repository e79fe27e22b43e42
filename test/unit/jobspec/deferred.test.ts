/** What only the starting task knows stays in the text exactly as it was written, wherever it stands. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { evaluated, first, groupText } from "./support.ts";

const names = fc.constantFrom(
  "NOMAD_PORT_http",
  "NOMAD_X",
  "node",
  "attr",
  "meta",
  "env",
  "variable",
  "locals",
  "each",
);
const steps = fc.array(fc.constantFrom(".unique", ".a-b", " . c", '["HOME"]', '[ "X" ]', "[0]", ".0.x"), {
  maxLength: 3,
});
const spaces = fc.constantFrom("", " ", "  ");

/** `${name.step}` with spaces inside. */
const references = fc
  .tuple(names, steps, spaces, spaces)
  .map(([name, taken, before, after]) => `\${${before}${name}${taken.join("")}${after}}`);
/** Also Go templates, and braces that belong to nobody. */
const texts = fc
  .array(fc.oneof(references, fc.constantFrom('{{ env "X" }}', " } ", "$", "%", "x", "{{ ", " }}")), {
    minLength: 2,
    maxLength: 5,
  })
  .map((parts) => parts.join("|"));

test("in heredocs", () => {
  const property = fc.property(texts, (text) => {
    expect(evaluated(`<<E\n${text}\nE`)).toBe(`${text}\n`);
  });
  fc.assert(property, { seed: 3 });
});

test("in quotes, in branches of templates, and in what a for goes through", () => {
  const property = fc.property(references, (text) => {
    expect(evaluated(`"${text}"`)).toBe(text);
    expect(evaluated(`"a${text}b"`)).toBe(`a${text}b`);
    expect(evaluated(`"%{ if true }${text}%{ endif }"`)).toBe(text);
    expect(evaluated(`[for x in ["${text}"] : "\${x}!"]`)).toEqual([`${text}!`]);
    expect(evaluated(`true ? "${text}" : ""`)).toBe(text);
  });
  fc.assert(property, { seed: 4 });
});

test("in YAML and JSON, where text is nothing but text", () => {
  const property = fc.property(texts, (text) => {
    const task = { t: { driver: "docker", config: { image: "i" }, env: { A: text } } };
    const file = JSON.stringify({ job: { j: { datacenters: ["dc1"], group: { g: { task } } } } });
    for (const name of ["job.json", "job.yaml"]) {
      const { job } = parseJobFile(name, file);
      expect(first(first(job?.groups ?? []).tasks).env["A"]).toBe(text);
    }
  });
  fc.assert(property, { seed: 5 });
});

test("through variables' neighbours: a local of it is the same text", () => {
  const text = groupText('meta {\n v = "${local.a}-${NOMAD_X}"\n}');
  const { job } = parseJobFile("job.hcl", `locals {\n a = "\${ meta.b }"\n}\n${text}`);
  expect(first(job?.groups ?? []).meta["v"]).toBe("${ meta.b }-${NOMAD_X}");
});
