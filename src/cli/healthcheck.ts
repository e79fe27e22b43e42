/** `remora healthcheck`: asks the agent's /healthz and answers with the exit code, for containers. */
import type { Command } from "commander";
import { agentAddresses } from "./agent-address.ts";
import { getFirst } from "./client.ts";
import { addOptionFlags } from "./flags.ts";
import type { Context } from "./program.ts";

export function addHealthcheck(program: Command, { io, end }: Context): void {
  const command = program.command("healthcheck").description("End with code 0 if the agent of this host is alive.");
  addOptionFlags(command, ["stateDir", "httpAddr"]).action(async (flags: Record<string, unknown>) => {
    const { status, body } = await getFirst(await agentAddresses({ flags, env: io.env }), "/healthz");
    io.stdout.write(body);
    end(status === 200 ? 0 : 1);
  });
}
