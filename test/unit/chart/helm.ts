/** The real helm, where there is one: `HELM_BIN`, else `helm` on the PATH. It renders and lints here and never asks a cluster. */
import { spawnSync } from "node:child_process";
import { CHART } from "../../support/chart.ts";

const binary = process.env["HELM_BIN"] ?? "helm";

/** Of the user's clusters it must not even warn. */
const env = { ...process.env, KUBECONFIG: "/nonexistent/kubeconfig" };

export const hasHelm = spawnSync(binary, ["version", "--short"]).status === 0;

export interface Helped {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** `--kube-version`, because a helm says by itself which one it was built for. */
export function template(args: readonly string[], chart = CHART): Helped {
  return helm(["template", "remora", chart, "--namespace", "mesh", "--kube-version", "1.30.0", ...args]);
}

export function lint(args: readonly string[]): Helped {
  return helm(["lint", CHART, "--strict", "--kube-version", "1.30.0", ...args]);
}

function helm(args: readonly string[]): Helped {
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: "utf8", env });
  return { ok: status === 0, stdout, stderr };
}
