/** `remora agent`: runs until told to end; what it started keeps running. */
import type { Command } from "commander";
import { loadConfig } from "./config.ts";
import { addOptionFlags, helpOnOthers } from "./flags.ts";
import type { Context } from "./program.ts";
import { OPTION_KEYS } from "./schema.ts";
import { readVariables, variableFlags } from "./variables.ts";
import type { VariableFlags } from "./variables.ts";

export function addAgent(program: Command, { actions, io, end }: Context): void {
  const command = program
    .command("agent")
    .description("Keep this host as the job files say. SIGTERM ends the agent and leaves all workloads running.");
  variableFlags(addOptionFlags(command, OPTION_KEYS))
    .addHelpText("after", helpOnOthers(OPTION_KEYS))
    .action(async (flags: Record<string, unknown> & VariableFlags) => {
      const config = await loadConfig({ flags, env: io.env });
      end(await actions.runAgent(config, await readVariables(flags, io.env), io));
    });
}
