/** A process that reads and formats every hostile file, and prints what that took as one line of JSON. */
import { formatHcl } from "../../src/jobspec/fmt/format.ts";
import { parseJobFile } from "../../src/jobspec/parse.ts";
import { largeHostileFiles } from "../unit/jobspec/hostile-corpus.ts";
import type { HostileFile } from "../unit/jobspec/hostile-corpus.ts";
import type { Hostile, Worst } from "./hostile.ts";

const KIB = 1024;

function worstOf(files: readonly HostileFile[], read: (file: string, text: string) => unknown): Worst {
  let worst: Worst = { name: "", ms: 0 };
  for (const { name, file, text } of files) {
    // As from a disk: a string of one piece.
    const written = Buffer.from(text()).toString();
    const before = process.cpuUsage();
    read(file, written);
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    if (ms > worst.ms) worst = { name, ms };
  }
  return worst;
}

const files = largeHostileFiles();
const hcl = files.filter(({ file }) => file.endsWith(".hcl"));
// Code that has been run once is part of what an agent has in memory anyway.
parseJobFile("job.hcl", 'job "a" {}');
const before = process.resourceUsage().maxRSS;
const reading = worstOf(files, parseJobFile);
const mib = (process.resourceUsage().maxRSS - before) / KIB;
const formatting = worstOf(hcl, formatHcl);
const hostile: Hostile = { files: files.length, reading, formatting, mib };
process.stdout.write(`${JSON.stringify(hostile)}\n`);
