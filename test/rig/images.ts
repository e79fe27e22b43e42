/** The images of the tests and the demo: public ones where a registry can be reached, else made from this machine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { built, foundOrBuilt } from "./build.ts";
import { consulBinary } from "./consul-binary.ts";
import { envoyBinary } from "./envoy-binary.ts";
import { root } from "./paths.ts";
import { programEntries } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import { nodeEntries, path, shellEntries, system } from "./rootfs.ts";

export const infraImage = "busybox:stable";
export const nodeImage = "node:24-slim";
export const counterApiImage = "hashicorpdev/counter-api:v3";
export const counterDashboardImage = "hashicorpdev/counter-dashboard:v3";

export interface Images {
  /** A shell, `nc` and `sleep`; Remora's default `--infra-image`. */
  readonly infra: string;
  /** Consul of the same version as the server of the tests; it runs as any user. */
  readonly consul: string;
  /** Like the public image, it takes arguments that begin with `-`. Absent where no Envoy can be had. */
  readonly envoy?: string;
  /** Node, for stand-in services and for Remora's own image. */
  readonly node: string;
  readonly counterApi: string;
  readonly counterDashboard: string;
}

/** Makes sure that all of them are there, and tells their names. */
export async function prepareImages(docker: Docker): Promise<Images> {
  await foundOrBuilt(docker, infraImage, infraRecipe);
  const consul = await consulImage(docker);
  const envoy = await envoyImage(docker);
  const node = await foundOrBuilt(docker, nodeImage, nodeRecipe);
  await foundOrBuilt(docker, counterApiImage, async () => serviceRecipe(counterApiImage, "counter-api", 9001, node));
  const dashboard = async (): Promise<Recipe> => serviceRecipe(counterDashboardImage, "counter-dashboard", 9002, node);
  await foundOrBuilt(docker, counterDashboardImage, dashboard);
  const counterApi = counterApiImage;
  const counterDashboard = counterDashboardImage;
  const all = { infra: infraImage, consul, node: nodeImage, counterApi, counterDashboard };
  return envoy === undefined ? all : { ...all, envoy };
}

/** Consul's program in an image `consul:VERSION`; resolves with the name. */
export async function consulImage(docker: Docker): Promise<string> {
  const { path: program, version } = await consulBinary();
  const name = `consul:${version}`;
  await foundOrBuilt(docker, name, async () => ({
    name,
    dockerfile: fromScratch('CMD ["consul", "agent"]'),
    entries: [...system, ...(await shellEntries()), ...(await programEntries(program, "/usr/local/bin/consul"))],
  }));
  return name;
}

/** Envoy's program in an image `envoyproxy/envoy:vVERSION`; resolves with the name, or undefined without Envoy. */
export async function envoyImage(docker: Docker): Promise<string | undefined> {
  const binary = await envoyBinary();
  if (binary === undefined) return undefined;
  const name = `envoyproxy/envoy:v${binary.version}`;
  await foundOrBuilt(docker, name, async () => ({
    name,
    dockerfile: fromScratch('ENTRYPOINT ["/usr/local/bin/envoy"]'),
    entries: [...system, ...(await shellEntries()), ...(await programEntries(binary.path, "/usr/local/bin/envoy"))],
  }));
  return name;
}

/** Remora's own image, by the repository's Dockerfile, from `dist/remora` on a base with Node. */
export async function remoraImage(docker: Docker, name: string, base = nodeImage): Promise<string> {
  const from = await foundOrBuilt(docker, base, nodeRecipe);
  const dockerfile = await readFile(join(root, "Dockerfile"), "utf8");
  const entries = [{ path: "dist/remora", copyOf: join(root, "dist/remora"), mode: 0o755 }];
  await built(docker, { name, dockerfile, entries, buildArgs: { BASE: base }, from: [from] });
  return name;
}

async function infraRecipe(): Promise<Recipe> {
  const entries = [...system, ...(await shellEntries())];
  return { name: infraImage, dockerfile: fromScratch('CMD ["sh"]'), entries };
}

async function nodeRecipe(): Promise<Recipe> {
  const entries = [...system, ...(await shellEntries()), ...(await nodeEntries())];
  return { name: nodeImage, dockerfile: fromScratch('CMD ["node"]'), entries };
}

/** A stand-in for one of the two public demo services: the same port, environment, answers and page. */
function serviceRecipe(name: string, program: string, port: number, base: string): Recipe {
  const sources = [`${program}.ts`, "web-socket.ts", "page.html"];
  const dockerfile = [
    `FROM ${nodeImage}`,
    "COPY countdash/ /srv/",
    `ENV PORT=${port}`,
    `EXPOSE ${port}`,
    `CMD ["node", "/srv/${program}.ts"]`,
  ].join("\n");
  const entries = sources.map((file) => ({
    path: `countdash/${file}`,
    copyOf: join(import.meta.dirname, "countdash", file),
  }));
  return { name, dockerfile, entries, from: [base] };
}

function fromScratch(command: string): string {
  return `FROM scratch\nCOPY rootfs/ /\nENV PATH=${path}\n${command}\n`;
}
