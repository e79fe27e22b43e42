/** The texts that mutations start from: HCL in small pieces, whole files of syntax, and every HCL job file of this checkout. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCUMENTS, SNIPPETS } from "../unit/jobspec/hcl-corpus.ts";

const root = join(import.meta.dirname, "../..");

/** Longer files take the oracle long and find nothing that shorter ones do not. */
const MAX_LENGTH = 20_000;

const jobFiles = ["examples", "test"]
  .flatMap((directory) =>
    globSync("**/*.{hcl,nomad}", { cwd: join(root, directory) }).map((file) => join(directory, file)),
  )
  .toSorted()
  .map((file) => readFileSync(join(root, file), "utf8"))
  .filter((text) => text.length <= MAX_LENGTH);

export const FILES: readonly string[] = [...DOCUMENTS, ...jobFiles];
export const PIECES: readonly string[] = SNIPPETS;
