/** `remora purge`: removes all that an instance owns on this host, after asking. */
import type { Command } from "commander";
import { askAgent, NoAgent } from "./client.ts";
import { controlSocket, loadConfig } from "./config.ts";
import type { AgentConfig } from "./config.ts";
import { addOptionFlags, helpOnOthers } from "./flags.ts";
import type { Io } from "./io.ts";
import type { Context } from "./program.ts";
import type { OptionKey } from "./schema.ts";
import { UserError } from "./user-error.ts";

const KEYS: readonly OptionKey[] = [
  ...(["stateDir", "instance", "node", "dockerHost", "consulAddress", "consulToken", "consulTokenFile"] as const),
  ...(["consulCaFile", "consulCertFile", "consulKeyFile", "logLevel", "logFormat"] as const),
];

export function addPurge(program: Command, { actions, io, end }: Context): void {
  const command = program
    .command("purge")
    .description(
      "Remove everything this instance owns on this host: containers, registrations, tokens, volumes, network.",
    );
  addOptionFlags(command, KEYS)
    .addHelpText("after", helpOnOthers(KEYS))
    .option("--yes", "do not ask")
    .option("--force", "go on although an agent of this state directory runs, which will start its jobs again")
    .action(async (flags: Record<string, unknown>) => {
      const config = await loadConfig({ flags, env: io.env });
      if (flags["force"] !== true) await refuseWhileAgentRuns(config);
      if (flags["yes"] !== true && !(await confirmed(config, io))) {
        io.stderr.write("Nothing was removed\n");
        return end(1);
      }
      end(await actions.purge(config, io));
    });
}

async function refuseWhileAgentRuns(config: AgentConfig): Promise<void> {
  const socketPath = controlSocket(config);
  try {
    await askAgent({ socketPath }, "GET", "/healthz");
  } catch (error) {
    if (error instanceof NoAgent) return;
    throw error;
  }
  throw new UserError(
    `An agent runs and would start its jobs again (it answers at ${socketPath}): stop it first, or say --force`,
  );
}

async function confirmed({ instance }: AgentConfig, io: Io): Promise<boolean> {
  if (io.ask === undefined) throw new UserError("There is no terminal to ask on: say --yes if you are sure");
  const answer = await io.ask(
    `This stops and removes everything that instance "${instance}" runs on this host. Job files stay.\nType the instance's name to go on: `,
  );
  return answer.trim() === instance;
}
