/** `remora relay`: what the relay container runs; agents start it, people need not. */
import type { Command } from "commander";
import type { Context } from "./program.ts";

export interface RelayConfig {
  /** Where the sockets are made. */
  readonly directory: string;
  /** Consul's HTTP API, as `http://host:port`, `https://host:port` or `unix:///path`. */
  readonly http: string;
  readonly grpc?: string;
}

export function addRelay(program: Command, { actions, io, end }: Context): void {
  program
    .command("relay")
    .description("Offer Consul's HTTP and gRPC as unix sockets in a directory. Agents run this in a container.")
    .requiredOption("--directory <dir>", "Where the sockets http.sock and grpc.sock are made.")
    .requiredOption("--http <address>", "Consul's HTTP API: http://host:port, https://host:port or unix:///path.")
    .option("--grpc <address>", "Consul's gRPC, if it has any.")
    .action(async (config: RelayConfig) => end(await actions.runRelay(config, io)));
}
