/** Where the commands that talk to an agent find it. */
import { controlSocket, loadOptions } from "./config.ts";
import type { Sources } from "./config.ts";
import type { AgentAddress } from "./client.ts";

/** The control socket of the state directory, unless an HTTP address is asked for by flag. */
export async function agentAddress(sources: Sources): Promise<AgentAddress> {
  const options = await loadOptions(["stateDir", "httpAddr"], sources);
  return sources.flags["httpAddr"] === undefined ? { socketPath: controlSocket(options) } : options.httpAddr;
}
