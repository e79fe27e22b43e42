/** What is read of Consul's answers: the fields Remora uses, with the defaults Consul leaves out. */
import { z } from "zod";
import type { Answer, Call } from "./call.ts";
import { malformed } from "./errors.ts";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

const upstream = z.object({
  DestinationName: text,
  DestinationNamespace: text,
  Datacenter: text,
  LocalBindAddress: text,
  LocalBindPort: number,
  MeshGateway: z.object({ Mode: text }).nullish(),
});

const exposed = z.object({
  Path: text,
  Protocol: text,
  LocalPathPort: number,
  ListenerPort: number,
});

const proxy = z.object({
  LocalServiceAddress: text,
  LocalServicePort: number,
  Upstreams: z.array(upstream).nullish(),
  Config: z.record(z.string(), z.unknown()).nullish(),
  Expose: z.object({ Paths: z.array(exposed).nullish() }).nullish(),
});

const service = z.object({
  ID: z.string(),
  Service: z.string(),
  Kind: text,
  Tags: z.array(z.string()).nullish(),
  Meta: z.record(z.string(), z.string()).nullish(),
  Address: text,
  Port: number,
  EnableTagOverride: z.boolean().nullish(),
  Proxy: proxy.nullish(),
});
export type ServiceAnswer = z.infer<typeof service>;

const check = z.object({ CheckID: z.string(), ServiceID: text, Status: z.string(), Output: text, Notes: text });
export type CheckAnswer = z.infer<typeof check>;

const token = z.object({
  AccessorID: z.string(),
  SecretID: text,
  Description: text,
  CreateTime: z.string(),
});
export type TokenAnswer = z.infer<typeof token>;

const intention = z.object({
  /** Only of the API before Consul 1.9. */
  ID: text,
  Description: text,
  SourceNS: text,
  SourceName: z.string(),
  SourcePartition: text,
  SourcePeer: text,
  SourceSamenessGroup: text,
  SourceType: text,
  DestinationNS: text,
  DestinationName: z.string(),
  DestinationPartition: text,
  Action: text,
  Permissions: z.array(z.unknown()).nullish(),
  Meta: z.record(z.string(), z.string()).nullish(),
});
export type IntentionAnswer = z.infer<typeof intention>;

export const agentServices = z.record(z.string(), service);
export const agentChecks = z.record(z.string(), check);
/** `Node` is null for a node the catalog does not have, or does not show to this token. */
export const nodeServices = z.object({
  Node: z.object({ Node: z.string() }).nullable(),
  Services: z.array(service).nullish(),
});
export const nodeChecks = z.array(check);
export const oneToken = token;
export const allTokens = z.array(token);
export const oneIntention = intention;
export const allIntentions = z.array(intention).nullable();

export const agentSelf = z.object({
  Config: z.object({ Datacenter: z.string(), NodeName: z.string(), Version: z.string() }),
  /** Consul promises nothing about this part; where it is silent, ACLs are taken to be on, and refusals will tell. */
  DebugConfig: z.object({ ACLsEnabled: z.boolean().default(true), GRPCPort: number }),
  Member: z.object({ Addr: z.string() }),
  /** Not there while gRPC is off; `Ports` is there since 1.14. */
  xDS: z
    .object({
      SupportedProxies: z.object({ envoy: z.array(z.string()).nullish() }).nullish(),
      Ports: z.object({ Plaintext: number, TLS: number }).nullish(),
    })
    .nullish(),
});
export type AgentSelf = z.infer<typeof agentSelf>;

/** Throws `malformed` when the answer is not of that shape. */
export function parsed<S extends z.ZodType>(schema: S, call: Call, answer: Answer): z.output<S> {
  const result = schema.safeParse(answer.body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined ? "" : ` at ${issue.path.join(".")}: ${issue.message}`;
  throw malformed(call, `the answer is not what this version of Remora understands${where}`);
}
