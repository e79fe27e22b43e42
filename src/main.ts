/** The process edge: argv, signals, exit code. */
import { actions } from "./app.ts";
import { processIo } from "./cli/io.ts";
import { runProgram } from "./cli/program.ts";

const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
process.exitCode = await runProgram(process.argv.slice(2), actions, processIo(stop.signal));
