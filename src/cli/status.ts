/** `remora status`: what runs on this host, asked from the agent. */
import type { Command } from "commander";
import type { AgentStatus } from "../model/status.ts";
import { agentAddresses } from "./agent-address.ts";
import { addressText, getFirst } from "./client.ts";
import type { AgentAddress } from "./client.ts";
import { addOptionFlags } from "./flags.ts";
import type { Context } from "./program.ts";
import { statusText } from "./status-text.ts";
import { UserError } from "./user-error.ts";

export function addStatus(program: Command, { io }: Context): void {
  const command = program.command("status").description("Show jobs, allocations, bad files and failing conditions.");
  addOptionFlags(command, ["stateDir", "httpAddr"])
    .option("--json", "print the whole status as JSON")
    .action(async (flags: Record<string, unknown>) => {
      const status = await askStatus(await agentAddresses({ flags, env: io.env }));
      io.stdout.write(flags["json"] === true ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
    });
}

async function askStatus(addresses: readonly AgentAddress[]): Promise<AgentStatus> {
  const { status, body, from } = await getFirst(addresses, "/v1/status");
  const read = status === 200 ? parse(body) : undefined;
  if (read === undefined)
    throw new UserError(`What answers at ${addressText(from)} is no Remora agent of this version`);
  return read;
}

function parse(body: string): AgentStatus | undefined {
  try {
    const read = JSON.parse(body) as Partial<AgentStatus> | null;
    const lists = [read?.jobs, read?.files, read?.conditions];
    return lists.every(Array.isArray) ? (read as AgentStatus) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
