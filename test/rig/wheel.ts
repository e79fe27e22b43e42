/** A wheel from PyPI by pip, as this machine has it set up. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { rigDir } from "./paths.ts";
import { run } from "./shell.ts";

const answerWithinSeconds = 15;

export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly filename: string;
  readonly sha256: string;
}

/** The bytes of the pinned wheel and no others. */
export async function fetchWheel(wheel: Wheel): Promise<Buffer> {
  const bytes = await byPip(wheel);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== wheel.sha256) throw new Error(`${wheel.filename} has the sha256 ${sha256}, not ${wheel.sha256}`);
  return bytes;
}

async function byPip({ project, version, filename }: Wheel): Promise<Buffer> {
  const directory = await mkdtemp(join(rigDir, "wheel-"));
  const plain = ["--no-deps", "--only-binary=:all:", "--quiet", "--no-input", "--disable-pip-version-check"];
  const brief = ["--retries", "1", "--timeout", String(answerWithinSeconds)];
  try {
    await run("python3", ["-m", "pip", "download", ...plain, ...brief, "--dest", directory, `${project}==${version}`]);
    return await readFile(join(directory, filename));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
