/** The chart as its tests see it: sources, values files, and the manifests that the real helm once made of each. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

export const CHART = fileURLToPath(new URL("../../charts/remora", import.meta.url));
export const GOLDENS = fileURLToPath(new URL("../unit/chart/golden", import.meta.url));

/** Each of the chart's ci/NAME-values.yaml has its golden NAME.yaml. */
export const CASES: readonly string[] = globSync("*-values.yaml", { cwd: join(CHART, "ci") })
  .map((file) => file.replace(/-values\.yaml$/, ""))
  .sort();

export const HOW_TO_RENEW =
  "the chart is another than the one that test/unit/chart/golden was rendered from: look at the difference after " +
  "UPDATE_GOLDEN=1 HELM_BIN=/path/to/helm vitest run --config test/vitest.plain.ts test/unit/chart";

/** As much of a manifest as the tests look at. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Labels };
  readonly data?: Labels;
  readonly spec?: unknown;
}

export type Labels = Readonly<Record<string, string>>;

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly hostNetwork: boolean;
  readonly dnsPolicy: string;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly [Container];
  readonly volumes: readonly Volume[];
}

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly Mount[];
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string; readonly host?: string };
}

export interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

export interface Volume {
  readonly name: string;
  readonly hostPath?: { readonly path: string; readonly type: string };
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string; readonly defaultMode?: number };
}

/** Everything that helm reads, and the values files. */
export function digestOfChart(): string {
  const files = globSync("**/*", { cwd: CHART, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  const hash = createHash("sha256");
  for (const path of paths.filter((one) => !one.endsWith("README.md")))
    hash.update(`${path.slice(CHART.length)}\n${readFileSync(path, "utf8")}\n`);
  return `sha256:${hash.digest("hex")}`;
}

export function chartFile(name: string): string {
  return readFileSync(join(CHART, name), "utf8");
}

export function goldenText(name: string): string {
  return readFileSync(join(GOLDENS, `${name}.yaml`), "utf8");
}

/** As Kubernetes reads YAML: version 1.1, where 0400 is a file mode. */
export function manifestsIn(text: string): readonly Manifest[] {
  const documents = parseAllDocuments(text, { version: "1.1" });
  if (!Array.isArray(documents)) return [];
  for (const { errors } of documents) if (errors[0] !== undefined) throw errors[0];
  return documents.map((document) => document.toJS() as Manifest | null).filter((manifest) => manifest !== null);
}

export function only(manifests: readonly Manifest[], kind: string): Manifest {
  const [found, ...more] = manifests.filter((manifest) => manifest.kind === kind);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} or no objects of kind ${kind}`);
  return found;
}

export function podOf(manifests: readonly Manifest[]): PodSpec {
  const { template } = only(manifests, "DaemonSet").spec as { readonly template: { readonly spec: PodSpec } };
  return template.spec;
}

/** The variables as the kubelet gives them on node-a with the address 10.0.0.7. */
export function environmentOf({ env }: Container): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const path = (valueFrom as { fieldRef?: { fieldPath: string } } | undefined)?.fieldRef?.fieldPath;
    const text = path === undefined ? (value ?? "") : (NODE[path] ?? `no ${path} is known`);
    given[name] = text.replaceAll(/\$\((\w+)\)/g, (reference, key: string) => given[key] ?? reference);
  }
  return given;
}

const NODE: Labels = { "status.hostIP": "10.0.0.7", "spec.nodeName": "node-a" };
