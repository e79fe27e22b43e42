/** Who the agent is: its facts, and the name of its node for the catalog's routes. */
import type { MeshInfo } from "../../ports/mesh.ts";
import { agentSelf, parsed } from "./answers.ts";
import type { AgentSelf } from "./answers.ts";
import type { Ask, Call } from "./call.ts";
import { isConnectDisabled, refused } from "./errors.ts";

const SELF: Call = { method: "GET", route: "/agent/self", what: "ask the agent who it is" };
const ROOTS: Call = { method: "GET", route: "/agent/connect/ca/roots", what: "ask whether Connect is enabled" };

export async function agentInfo(ask: Ask, signal: AbortSignal): Promise<MeshInfo> {
  const [self, connectEnabled] = await Promise.all([whoIsIt(ask, signal), isConnectEnabled(ask, signal)]);
  return {
    version: self.Config.Version,
    datacenter: self.Config.Datacenter,
    nodeName: self.Config.NodeName,
    address: self.Member.Addr,
    connectEnabled,
    aclsEnabled: self.DebugConfig.ACLsEnabled,
    ...grpcOf(self),
    envoys: self.xDS?.SupportedProxies?.envoy ?? [],
  };
}

/** Before 1.14 there was one port for xDS; a port that is 0 or less is off. */
function grpcOf({ xDS, DebugConfig }: AgentSelf): Pick<MeshInfo, "grpc"> {
  const { Plaintext: plain, TLS: tls } = xDS?.Ports ?? { Plaintext: DebugConfig.GRPCPort, TLS: 0 };
  if (plain > 0) return { grpc: { port: plain, tls: false, ...(tls > 0 ? { tlsPort: tls } : {}) } };
  return tls > 0 ? { grpc: { port: tls, tls: true } } : {};
}

async function whoIsIt(ask: Ask, signal: AbortSignal): Promise<AgentSelf> {
  const answer = await ask(SELF, signal);
  if (answer.status !== 200) throw refused(SELF, answer);
  return parsed(agentSelf, SELF, answer);
}

/** The servers decide: the configuration of a client agent need not mention Connect at all. */
async function isConnectEnabled(ask: Ask, signal: AbortSignal): Promise<boolean> {
  const answer = await ask(ROOTS, signal);
  if (answer.status === 200) return true;
  if (isConnectDisabled(answer)) return false;
  throw refused(ROOTS, answer);
}

/** The agent's node name, asked for once until it proves wrong. */
export interface NodeName {
  get(ask: Ask, signal: AbortSignal): Promise<string>;
  forget(): void;
}

export function agentNodeName(): NodeName {
  let known: string | undefined;
  return {
    get: async (ask, signal) => (known ??= (await whoIsIt(ask, signal)).Config.NodeName),
    forget: () => {
      known = undefined;
    },
  };
}
