/** A wheel from PyPI: by pip, as this machine has set it up, else straight from the index. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { rigDir } from "./paths.ts";
import { reason } from "./say.ts";
import { run } from "./shell.ts";

const index = "https://pypi.org/simple";
const answerWithinMs = 15_000;
const downloadWithinMs = 600_000;

export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly filename: string;
  readonly sha256: string;
}

/** The bytes of the pinned wheel and no others; a rejection tells first why not from the index, then why not by pip. */
export async function fetchWheel(wheel: Wheel): Promise<Buffer> {
  const bytes = await byPip(wheel).catch((pip: unknown) =>
    fromIndex(wheel).catch((other: unknown) => {
      throw new Error(`${reason(other)}\n${reason(pip)}`, { cause: other });
    }),
  );
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== wheel.sha256) throw new Error(`${wheel.filename} has the sha256 ${sha256}, not ${wheel.sha256}`);
  return bytes;
}

async function byPip({ project, version, filename }: Wheel): Promise<Buffer> {
  const directory = await mkdtemp(join(rigDir, "wheel-"));
  const plain = ["--no-deps", "--only-binary=:all:", "--quiet", "--no-input", "--disable-pip-version-check"];
  const brief = ["--retries", "1", "--timeout", String(answerWithinMs / 1000)];
  try {
    await run("python3", ["-m", "pip", "download", ...plain, ...brief, "--dest", directory, `${project}==${version}`]);
    return await readFile(join(directory, filename));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Asks the index in its JSON form (PEP 691) where the file is. */
async function fromIndex({ project, filename }: Wheel): Promise<Buffer> {
  const accept = { accept: "application/vnd.pypi.simple.v1+json" };
  const listing = await get(`${index}/${project}/`, answerWithinMs, accept);
  const { files } = (await listing.json()) as {
    readonly files: readonly Readonly<Record<"filename" | "url", string>>[];
  };
  const file = files.find((each) => each.filename === filename);
  if (file === undefined) throw new Error(`${index}/${project}/ lists no ${filename}`);
  return Buffer.from(await (await get(file.url, downloadWithinMs)).arrayBuffer());
}

async function get(url: string, withinMs: number, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(withinMs) }).catch((error: Error) => {
    throw new Error(`${url} cannot be reached: ${reason(error.cause ?? error)}`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer;
}
