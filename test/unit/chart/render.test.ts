/** The chart through the real helm: the goldens are what it renders, and it refuses what would not work. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CASES, CHART, digestOfChart, goldenText, GOLDENS, manifestsIn } from "../../support/chart.ts";
import { hasHelm, lint, template } from "./helm.ts";

const updating = process.env["UPDATE_GOLDEN"] === "1";

const valuesFile = (name: string): string => join(CHART, "ci", `${name}-values.yaml`);

test.runIf(updating)("goldens are renewed only by a helm: HELM_BIN, or one on the PATH", () => {
  expect(hasHelm).toBe(true);
});

describe.skipIf(!hasHelm)("with helm", () => {
  test.each(CASES)("%s: the golden is what helm renders", (name) => {
    const { ok, stdout, stderr } = template(["--values", valuesFile(name)]);
    expect(stderr).toBe("");
    expect(ok).toBe(true);
    if (updating) writeFileSync(join(GOLDENS, `${name}.yaml`), stdout);
    expect(manifestsIn(stdout)).toEqual(manifestsIn(goldenText(name)));
  });

  test.runIf(updating)("the goldens' digest is renewed", () => {
    writeFileSync(join(GOLDENS, "digest"), `${digestOfChart()}\n`);
  });

  test.each(CASES)("%s: helm lint --strict has nothing to say against it", (name) => {
    expect(lint(["--values", valuesFile(name)])).toMatchObject({ ok: true, stderr: "" });
  });

  test.each([
    ["a mistyped option", "remora.advertize=10.0.0.1", "advertize"],
    ["a mistyped section", "consol.address=127.0.0.1:8500", "consol"],
    ["a mistyped value deep inside", "consul.token.existingSecret.nam=x", "nam"],
    ["a token given outright", "consul.token.value=secret", "value"],
    ["a token in a variable", "extraEnv[0].name=CONSUL_HTTP_TOKEN", "extraEnv"],
    ["an unknown proxy", "remora.proxy=nginx", "proxy"],
    ["an inline job whose name is no job file's", "jobs.inline.readme\\.md=x", "readme.md"],
    ["a privileged container", "securityContext.privileged=true", "privileged"],
    ["a relative state directory", "state.hostPath=state", "hostPath"],
  ])("%s is refused", (_, setting, named) => {
    const { ok, stderr } = template(["--set", setting]);
    expect(ok).toBe(false);
    expect(stderr).toContain("values don't meet the specifications of the schema");
    expect(stderr).toContain(named);
  });

  test.each([
    [
      "two sources of jobs",
      "jobs.existingConfigMap=jobs,jobs.hostPath=/jobs",
      "jobs.existingConfigMap and jobs.hostPath cannot be had together: give one of them",
    ],
    [
      "two certificate authorities",
      "consul.tls.ca.existingSecret.name=a,consul.tls.ca.existingConfigMap.name=b",
      "consul.tls.ca comes from existingSecret or from existingConfigMap: give one of them",
    ],
    [
      "two certificate authorities of the gRPC port",
      "consul.grpc.ca.existingSecret.name=a,consul.grpc.ca.existingConfigMap.name=b",
      "consul.grpc.ca comes from existingSecret or from existingConfigMap: give one of them",
    ],
    [
      "https for the proxy that speaks http",
      "remora.proxy=consul,consul.address=https://127.0.0.1:8501",
      "the proxy consul cannot reach https://127.0.0.1:8501 through the relay",
    ],
    [
      "scraping loopback",
      "metrics.podMonitor.enabled=true",
      "nobody can scrape 127.0.0.1: set http.host to $(HOST_IP)",
    ],
  ])("%s: the refusal says what to do", (_, settings, sentence) => {
    const { ok, stderr } = template(["--set", settings]);
    expect(ok).toBe(false);
    expect(stderr).toContain(sentence);
  });

  test("an IPv6 address to listen on gets its brackets, and probes ask there", () => {
    const { stdout } = template(["--set", "http.host=::1"]);
    expect(stdout).toContain('value: "[::1]:4656"');
    expect(stdout).toContain('host: "::1"');
  });

  test("as part of another chart it takes that one's global values and its condition", () => {
    expect(template(["--set", "global.region=eu,enabled=true"])).toMatchObject({ ok: true, stderr: "" });
  });

  test.each([
    [[], ["Docker's socket is root on the node", "There are no jobs yet", "No Consul token is given"]],
    [["--set", "docker.host=tcp://127.0.0.1:2375"], ["tcp://127.0.0.1:2375 is as good as root on the node unless"]],
    [["--set", "http.host=0.0.0.0"], ["Everyone who reaches 0.0.0.0:4656 may read the status"]],
  ])("the notes with %j are honest about who may do what", (settings, sentences) => {
    const notes = notesWith(settings);
    for (const sentence of [...sentences, "pod-security.kubernetes.io/enforce=privileged"])
      expect(notes).toContain(sentence);
  });
});

/** `helm template` leaves the notes out, so here they are put into a manifest of a copy of the chart. */
function notesWith(settings: readonly string[]): string {
  const copy = mkdtempSync(join(tmpdir(), "remora-chart-"));
  try {
    cpSync(CHART, copy, { recursive: true });
    const include = '{{ include (print $.Template.BasePath "/NOTES.txt") . | quote }}';
    const text = `kind: ConfigMap\nmetadata: {name: notes}\ndata:\n  notes: ${include}\n`;
    writeFileSync(join(copy, "templates/notes.yaml"), text);
    const { stdout, stderr } = template(["--show-only", "templates/notes.yaml", ...settings], copy);
    expect(stderr).toBe("");
    return manifestsIn(stdout)[0]?.data?.["notes"] ?? "";
  } finally {
    rmSync(copy, { recursive: true });
  }
}
