/** How fast job files are read: text to a valid job, in MB/s. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJobFile } from "../../src/jobspec/parse.ts";
import { root } from "../rig/paths.ts";

export interface Parsing {
  /** Megabytes (10⁶ bytes) a second. */
  readonly small: number;
  readonly large: number;
  /** Bytes of the two files. */
  readonly smallBytes: number;
  readonly largeBytes: number;
}

const FOR_MS = 1_000;

export async function parsing(): Promise<Parsing> {
  const small = await readFile(join(root, "examples/countdash/countdash.nomad.hcl"), "utf8");
  const large = manyGroups(small, 100);
  return { small: speed(small), large: speed(large), smallBytes: small.length, largeBytes: large.length };
}

/** The same groups again and again, under other names. */
function manyGroups(text: string, times: number): string {
  const [head = "", ...groups] = text.split(/(?=^ {2}group )/m);
  const body = groups.join("").replace(/^\}\n/m, "");
  const copy = (_: unknown, at: number): string =>
    body
      .replaceAll(/(group|name =|destination_name =) "([a-z-]+)"/g, `$1 "$2-${at}"`)
      .replace(/static = \d+/, `static = ${9_002 + at}`);
  return `${head}${Array.from({ length: times }, copy).join("\n")}}\n`;
}

/** Over the processor time, which the machine's other work does not lengthen. */
function speed(text: string): number {
  const { diagnostics, job } = parseJobFile("bench.hcl", text);
  if (job === undefined) throw new Error(`the bench's own job file is not valid: ${JSON.stringify(diagnostics[0])}`);
  const before = process.cpuUsage();
  let bytes = 0;
  for (const end = performance.now() + FOR_MS; performance.now() < end; bytes += text.length)
    parseJobFile("bench.hcl", text);
  const { user, system } = process.cpuUsage(before);
  // Bytes a microsecond are megabytes a second.
  return bytes / (user + system);
}
