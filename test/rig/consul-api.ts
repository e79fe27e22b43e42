/** Consul's HTTP API with a token: what the rig sets up there, and what tests want to look at. */

import { atLeast } from "./consul-config.ts";

/** Paths are those below `/v1`, with their leading slash. Anything but a 2xx rejects with what Consul said. */
export interface ConsulApi {
  get<T>(path: string): Promise<T>;
  put<T>(path: string, body?: unknown): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  delete(path: string): Promise<void>;
}

/** A client for `http://host:port`, acting with `token`. */
export function consulApi(address: string, token: string): ConsulApi {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${address}/v1${path}`, {
      method,
      headers: { "X-Consul-Token": token },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Consul refused ${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  return {
    get: (path) => call("GET", path),
    put: (path, body) => call("PUT", path, body),
    post: (path, body) => call("POST", path, body),
    delete: (path) => call("DELETE", path),
  };
}

/** Allows `source` to reach `destination`; does nothing when that is so already. */
export async function intention(consul: ConsulApi, source: string, destination: string): Promise<void> {
  const pair = { SourceName: source, DestinationName: destination, SourceType: "consul", Action: "allow" };
  const there = await consul.get<readonly Pair[] | null>("/connect/intentions");
  if (there?.some((one) => one.SourceName === source && one.DestinationName === destination)) return;
  const { Config } = await consul.get<{ Config: { Version: string } }>("/agent/self");
  const exact = `/connect/intentions/exact?source=${source}&destination=${destination}`;
  if (atLeast(Config.Version, 1, 9)) await consul.put(exact, { SourceType: "consul", Action: "allow" });
  else await consul.post("/connect/intentions", pair);
}

type Pair = Readonly<Record<"SourceName" | "DestinationName", string>>;

/** What Remora needs in Consul, and no more. */
const leastPolicy = `
acl = "write"
agent_prefix "" { policy = "read" }
node_prefix "" { policy = "read" }
service_prefix "" { policy = "write" }
`;

/** Makes a token with the least policy Remora runs with (`rules` adds to it); resolves with its secret. */
export async function remoraToken(consul: ConsulApi, rules = ""): Promise<string> {
  const name = `remora-${crypto.randomUUID()}`;
  await consul.put("/acl/policy", { Name: name, Rules: leastPolicy + rules });
  const made = await consul.put<{ SecretID: string }>("/acl/token", { Description: name, Policies: [{ Name: name }] });
  return made.SecretID;
}
