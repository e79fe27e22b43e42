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
  const there = await intentionOf(consul, { source, destination });
  if (there === undefined) await decideIntention(consul, { source, destination }, "allow");
}

export interface Pair {
  readonly source: string;
  readonly destination: string;
}

/** An intention as Consul lists it. */
export interface IntentionEntry {
  readonly ID?: string;
  readonly SourceName: string;
  readonly DestinationName: string;
  readonly Action: string;
  readonly Description: string;
  readonly Meta?: Readonly<Record<string, string>> | null;
}

export async function intentionOf(
  consul: ConsulApi,
  { source, destination }: Pair,
): Promise<IntentionEntry | undefined> {
  const all = await consul.get<readonly IntentionEntry[] | null>("/connect/intentions");
  return all?.find((one) => one.SourceName === source && one.DestinationName === destination);
}

/** Makes the intention of a pair, or changes the action of the one that is there and nothing else of it. */
export async function decideIntention(consul: ConsulApi, pair: Pair, action: "allow" | "deny"): Promise<void> {
  const there = await intentionOf(consul, pair);
  const { Description = "", Meta = {} } = there ?? {};
  const said = { SourceType: "consul", Action: action, Description };
  if (await isExact(consul)) return consul.put(exactPath(pair), said);
  const body = { ...said, SourceName: pair.source, DestinationName: pair.destination, Meta };
  if (there?.ID === undefined) await consul.post("/connect/intentions", body);
  else await consul.put(`/connect/intentions/${there.ID}`, body);
}

export async function removeIntention(consul: ConsulApi, pair: Pair): Promise<void> {
  const there = await intentionOf(consul, pair);
  if (there === undefined) return;
  await consul.delete((await isExact(consul)) ? exactPath(pair) : `/connect/intentions/${there.ID ?? ""}`);
}

/** Consul 1.9 names a pair by its services, and before that by an id. */
async function isExact(consul: ConsulApi): Promise<boolean> {
  const { Config } = await consul.get<{ Config: { Version: string } }>("/agent/self");
  return atLeast(Config.Version, 1, 9);
}

function exactPath({ source, destination }: Pair): string {
  return `/connect/intentions/exact?source=${source}&destination=${destination}`;
}

/** What Remora needs in Consul, and no more. */
function leastPolicy(intentions: boolean): string {
  return `
acl = "write"
agent_prefix "" { policy = "read" }
node_prefix "" { policy = "read" }
service_prefix "" {
  policy = "write"
  ${intentions ? 'intentions = "write"' : ""}
}
`;
}

/**
 * Makes a token with the least policy Remora runs with, `intentions` for `--intentions=upstreams` (`rules` adds to it); resolves
 * with its secret.
 */
export async function remoraToken(consul: ConsulApi, rules = "", { intentions = false } = {}): Promise<string> {
  const name = `remora-${crypto.randomUUID()}`;
  await consul.put("/acl/policy", { Name: name, Rules: leastPolicy(intentions) + rules });
  const made = await consul.put<{ SecretID: string }>("/acl/token", { Description: name, Policies: [{ Name: name }] });
  return made.SecretID;
}
