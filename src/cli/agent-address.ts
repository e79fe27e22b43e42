/** Where the commands that talk to an agent find it. */
import { controlSocket, loadOptions } from "./config.ts";
import type { Sources } from "./config.ts";
import type { AgentAddress } from "./client.ts";

/** Where to ask, in order: the HTTP address or the state directory's socket if one was named, else first the socket, then HTTP. */
export async function agentAddresses(sources: Sources): Promise<readonly AgentAddress[]> {
  const options = await loadOptions(["stateDir", "httpAddr"], sources);
  const { flags } = sources;
  if (flags["httpAddr"] !== undefined) return [options.httpAddr];
  const socket = { socketPath: controlSocket(options) };
  return flags["stateDir"] === undefined ? [socket, options.httpAddr] : [socket];
}
