/** `remora job stop`: stops a job whatever its file says, also one that is held because its file is gone. */
import type { Command } from "commander";
import { askAgent } from "./client.ts";
import { controlSocket, loadOptions } from "./config.ts";
import { addOptionFlags } from "./flags.ts";
import type { Context } from "./program.ts";
import { UserError } from "./user-error.ts";

export function addJob(program: Command, { io }: Context): void {
  const job = program.command("job").description("Act on one job.");
  const stop = job
    .command("stop")
    .description(
      "Stop a job, also one that is held although its file is gone. It stays stopped until its file changes.",
    )
    .argument("<name>", "the job's id");
  addOptionFlags(stop, ["stateDir"]).action(async (name: string, flags: Record<string, unknown>) => {
    const socketPath = controlSocket(await loadOptions(["stateDir"], { flags, env: io.env }));
    const answer = await askAgent({ socketPath }, "POST", `/v1/jobs/${encodeURIComponent(name)}/stop`);
    const said = messageOf(answer.body);
    if (answer.status !== 202) throw new UserError(said);
    io.stdout.write(`${said}\n`);
  });
}

function messageOf(body: string): string {
  try {
    const { message, error } = JSON.parse(body) as { message?: unknown; error?: unknown };
    const said = message ?? error;
    if (typeof said === "string") return said;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return "The agent's answer cannot be understood: is it of this version?";
}
