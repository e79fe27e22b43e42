/** The chart's values, their schema, its README and Remora's own options say the same; this needs no helm. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { OPTIONS } from "../../../src/cli/schema.ts";
import { chartFile } from "../../support/chart.ts";
import { between } from "../../support/markers.ts";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

const schema = JSON.parse(chartFile("values.schema.json")) as Schema;
const values = parse(chartFile("values.yaml")) as object;

/** What a parent chart puts here without being asked. */
const PARENTS = ["global", "enabled"];
/** As Kubernetes has them: their fields have no defaults here. */
const KUBERNETES = ["podSecurityContext", "securityContext", "affinity", "updateStrategy", "resources"];

test("every value has its place in the schema, and everything the schema names has a value", () => {
  expect(pathsOf(values)).toEqual(namesOf(schema));
});

test("the schema refuses every name that it does not know", () => {
  const labels = ["commonLabels", "podLabels", "nodeSelector", "metrics.prometheusRule.labels"];
  const monitors = ["metrics.serviceMonitor.labels", "metrics.podMonitor.labels"];
  const annotations = ["annotations", "podAnnotations", "serviceAccount.annotations", "metrics.service.annotations"];
  const kubernetesOwn = ["affinity.nodeAffinity", "affinity.podAffinity", "affinity.podAntiAffinity"];
  const amounts = ["resources.requests", "resources.limits"];
  const open = [...labels, ...monitors, ...annotations, ...kubernetesOwn, ...amounts, "global"];
  expect(openObjects(schema, "")).toEqual(open.sort());
});

test("every value under remora is an option of Remora", () => {
  const options: readonly string[] = OPTIONS.map(({ key }) => key);
  const { remora } = values as { readonly remora: object };
  expect(Object.keys(remora).filter((key) => !options.includes(key))).toEqual([]);
});

test("chart and image are of Remora's version", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  expect(parse(chartFile("Chart.yaml"))).toMatchObject({ name: "remora", version, appVersion: version });
});

test("the README's table of values is values.yaml", () => {
  const rows = rowsOf(chartFile("values.yaml"));
  expect(rows.length).toBeGreaterThan(60);
  between(
    "charts/remora/README.md",
    "values",
    ["| value | default | meaning |", "|---|---|---|", ...rows, ""].join("\n"),
  );
});

/** `a.b.c`, sorted; a Kubernetes object counts as one value. */
function pathsOf(value: object, prefix = ""): readonly string[] {
  const paths = Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const nested = typeof inner === "object" && inner !== null && !Array.isArray(inner) && !KUBERNETES.includes(key);
    return nested && Object.keys(inner).length > 0 && key !== "nodeSelector"
      ? pathsOf(inner, `${prefix}${key}.`)
      : [prefix + key];
  });
  return paths.sort();
}

function namesOf({ properties = {} }: Schema, prefix = ""): readonly string[] {
  const names = Object.entries(properties).flatMap(([key, inner]) => {
    const nested = inner.properties !== undefined && !KUBERNETES.includes(key);
    return nested ? namesOf(inner, `${prefix}${key}.`) : [prefix + key];
  });
  return names.filter((name) => !PARENTS.includes(name) && !UNSET.includes(name)).sort();
}

/** Fields of probes that are Kubernetes' own defaults unless given. */
const UNSET = ["livenessProbe", "readinessProbe"].flatMap((probe) => [
  `${probe}.initialDelaySeconds`,
  `${probe}.successThreshold`,
]);

function openObjects({ type, properties, additionalProperties }: Schema, path: string): readonly string[] {
  const inner = Object.entries(properties ?? {}).flatMap(([key, each]) =>
    openObjects(each, path === "" ? key : `${path}.${key}`),
  );
  return (type === "object" && additionalProperties !== false ? [path, ...inner] : inner).sort();
}

/** One row for each value that has a comment `# --`. */
function rowsOf(text: string): readonly string[] {
  const rows: string[] = [];
  const path: string[] = [];
  let comment = "";
  for (const line of text.split("\n")) {
    const [, said] = /^ *# -- (.*)$/.exec(line) ?? [];
    const [, indent = "", key] = /^( *)([\w]+):/.exec(line) ?? [];
    if (said !== undefined) comment = said;
    if (key === undefined) continue;
    path.splice(indent.length / 2, path.length, key);
    if (comment !== "") rows.push(`| \`${path.join(".")}\` | ${shown(path)} | ${comment} |`);
    comment = "";
  }
  return rows;
}

function shown(path: readonly string[]): string {
  const value = path.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>>)[key], values);
  return value === "" ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
