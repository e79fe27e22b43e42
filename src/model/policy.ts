/** The policy of Remora's own Consul token: each rule, and what to ask Consul to learn whether a token has it. */
import type { Settings } from "./settings.ts";

/** One thing that a token may do. */
export interface Right {
  /** As it stands in a policy. */
  readonly rule: string;
  /** What Remora needs it for. */
  readonly why: string;
  readonly resource: "acl" | "agent" | "node" | "service" | "intention";
  readonly access: "read" | "write";
  /** On which name it is tried: the agent's own node, any name, or none where the resource has no names. */
  readonly on: "own-node" | "any-name" | "nothing";
}

export const READ_AGENT: Right = {
  rule: 'agent_prefix "" { policy = "read" }',
  why: "who the agent is",
  resource: "agent",
  access: "read",
  on: "own-node",
};

/** What every Remora needs. */
const POLICY: readonly Right[] = [
  {
    rule: 'acl = "write"',
    why: "mint, list, read and delete the tokens of the services",
    resource: "acl",
    access: "write",
    on: "nothing",
  },
  READ_AGENT,
  {
    rule: 'node_prefix "" { policy = "read" }',
    why: "what the catalog says of this node",
    resource: "node",
    access: "read",
    on: "own-node",
  },
  {
    rule: 'service_prefix "" { policy = "write" }',
    why: "register and deregister",
    resource: "service",
    access: "write",
    on: "any-name",
  },
];

/** What it needs besides to keep the intentions of upstreams; the rule stands in the same block as the services'. */
const WRITE_INTENTIONS: Right = {
  rule: 'service_prefix "" { policy = "write" intentions = "write" }',
  why: "allow services to reach their upstreams (only with `--intentions=upstreams`)",
  resource: "intention",
  access: "write",
  on: "any-name",
};

/** The rights that a Remora of these settings needs. */
export function rightsFor({ intentions }: Pick<Settings, "intentions">): readonly Right[] {
  return intentions === "upstreams" ? [...POLICY, WRITE_INTENTIONS] : POLICY;
}
