/** The process edge: argv, signals, exit code. */
import { actions } from "./app.ts";
import { processIo } from "./cli/io.ts";
import { runProgram } from "./cli/program.ts";

// Who reads the output may go before its end: that is no error of ours.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
process.exitCode = await runProgram(process.argv.slice(2), actions, processIo(stop.signal));
