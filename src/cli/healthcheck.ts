/** `remora healthcheck`: asks the agent's /healthz and answers with the exit code, for containers. */
import type { Command } from "commander";
import { askAgent } from "./client.ts";
import { loadOptions } from "./config.ts";
import { addOptionFlags } from "./flags.ts";
import type { Context } from "./program.ts";

export function addHealthcheck(program: Command, { io, end }: Context): void {
  const command = program.command("healthcheck").description("End with code 0 if the agent of this host is alive.");
  addOptionFlags(command, ["httpAddr"]).action(async (flags: Record<string, unknown>) => {
    const { httpAddr } = await loadOptions(["httpAddr"], { flags, env: io.env });
    const { status, body } = await askAgent(httpAddr, "GET", "/healthz");
    io.stdout.write(body);
    end(status === 200 ? 0 : 1);
  });
}
