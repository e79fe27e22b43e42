/** Job files for the tests: the examples with ports of their own, and small jobs. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../rig/paths.ts";

/** examples/countdash as it is, but for the dashboard's public port. */
export async function countdash(port: number): Promise<string> {
  const text = await readFile(join(root, "examples/countdash/countdash.nomad.hcl"), "utf8");
  return replaced(text, /static = 9002/, `static = ${port}`);
}

/** examples/countdash-yaml, likewise. */
export async function countdashYaml(port: number): Promise<string> {
  const text = await readFile(join(root, "examples/countdash-yaml/countdash.yaml"), "utf8");
  return replaced(text, /static: 9002/, `static: ${port}`);
}

/** Replaces one place, and fails if there is none. */
export function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`${String(pattern)} is not in the job file`);
  return text.replace(pattern, by);
}

export interface PlainJob {
  readonly id: string;
  readonly image: string;
  readonly mode?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One group with one task that sleeps, and no service. */
export function plainJob({ id, image, mode = "bridge", env = {} }: PlainJob): string {
  const lines = Object.entries(env).map(([name, value]) => `        ${name} = ${JSON.stringify(value)}`);
  return `job ${JSON.stringify(id)} {
  datacenters = ["dc1"]

  group "main" {
    network {
      mode = ${JSON.stringify(mode)}
    }

    task "sleeper" {
      driver = "docker"

      env {
${lines.join("\n")}
      }

      config {
        image   = ${JSON.stringify(image)}
        command = "sh"
        args    = ["-c", "trap 'exit 0' TERM; while true; do sleep 3600 & wait $!; done"]
      }
    }
  }
}
`;
}

/** One group with one mesh service of the job's name, on the counter's port. */
export function meshJob({ id, image }: Pick<PlainJob, "id" | "image">): string {
  return `job ${JSON.stringify(id)} {
  datacenters = ["dc1"]

  group "main" {
    network {
      mode = "bridge"
    }

    service {
      name = ${JSON.stringify(id)}
      port = "9001"

      connect {
        sidecar_service {}
      }
    }

    task "web" {
      driver = "docker"

      config {
        image = ${JSON.stringify(image)}
      }
    }
  }
}
`;
}
