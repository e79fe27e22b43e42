/** Free ports, so that several Consuls and agents can run beside each other. */
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";

/** So many TCP ports, all different, free on every address of this host a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "0.0.0.0", () => done(server));
  });
}

/** Whether nobody listens on this port. */
export function isFree(port: number, host = "0.0.0.0"): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, host, () => server.close(() => done(true)));
  });
}
