/** Requests by route: what differs from object to object is masked, so that calls of one kind count as one. */

/** Last segments of Docker paths that name an action or a collection, never an object. */
const DOCKER_WORDS = new Set(["json", "create", "prune", "events", "info", "version", "_ping", "search"]);

/** Consul routes whose next segment names an object. */
const CONSUL_OBJECTS = [
  "acl/token",
  "agent/check/deregister",
  "agent/connect/ca/leaf",
  "agent/service/deregister",
  "agent/service/maintenance",
  "agent/service",
  "catalog/node-services",
  "catalog/node",
  "catalog/service",
  "health/connect",
  "health/node",
  "health/service",
];

/** Consul routes that look like an object's, but are none. */
const CONSUL_WORDS = new Set(["acl/token/self", "agent/service/register"]);

/** `POST /containers/:id/start`: without version, ids and query. */
export function dockerRoute(method: string, url: string): string {
  const [path = ""] = url.split("?");
  const [kind = "", object, ...rest] = path
    .replace(/^\/v[\d.]+(?=\/)/, "")
    .split("/")
    .slice(1);
  if (object === undefined || (rest.length === 0 && DOCKER_WORDS.has(object)))
    return `${method} /${join(kind, object)}`;
  // An image's name holds slashes.
  const action = kind === "images" ? rest.slice(-1) : rest;
  return `${method} /${join(kind, ":id", ...action)}`;
}

/** `GET /v1/health/node/:id?index`: without ids; of the query only whether it blocks. */
export function consulRoute(method: string, url: string): string {
  const [path = "", query = ""] = url.split("?");
  const rest = path.replace(/^\/v1\//, "");
  const base = CONSUL_WORDS.has(rest) ? undefined : CONSUL_OBJECTS.find((each) => rest.startsWith(`${each}/`));
  const blocks = new URLSearchParams(query).has("index") ? "?index" : "";
  return `${method} /v1/${base === undefined ? rest : `${base}/:id`}${blocks}`;
}

function join(...segments: readonly (string | undefined)[]): string {
  return segments.filter((segment) => segment !== undefined).join("/");
}
