/** Service identity tokens: minted, read back by accessor, listed by their mark. */
import { Secret } from "../../model/secret.ts";
import type { Token, TokenSpec } from "../../model/registration.ts";
import type { Mesh } from "../../ports/mesh.ts";
import type { Clock } from "../../ports/time.ts";
import { allTokens, oneToken, parsed } from "./answers.ts";
import type { TokenAnswer } from "./answers.ts";
import { withinLimit } from "./call.ts";
import type { Ask, Call } from "./call.ts";
import { failure, isAclDisabled, isUnknownToken, refused, said } from "./errors.ts";
import { hints, poll, quietly } from "./hints.ts";
import { describe, markOf } from "./token-mark.ts";

export interface TokenOptions {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly instance: string;
  readonly node: string;
}

type TokenVerbs = Pick<Mesh, "tokens" | "mintToken" | "readSecret" | "canUse" | "deleteToken">;

export function tokenVerbs(options: TokenOptions): TokenVerbs {
  const { ask, clock } = options;
  const bounded = (): Ask => withinLimit(ask, clock);
  const changes = (signal: AbortSignal): AsyncIterable<void> =>
    quietly(hints([poll(ask, LIST, isAclDisabled)], clock, signal), signal);
  return {
    tokens: { list: (signal) => list(options, signal), changes },
    mintToken: (spec, signal) => mint({ ...options, ask: bounded() }, spec, signal),
    readSecret: (accessor, signal) => readSecret(bounded(), accessor, signal),
    canUse: (secret, signal) => canUse(ask, secret, signal),
    deleteToken: (accessor, signal) => remove(bounded(), accessor, signal),
  };
}

const LIST: Call = { method: "GET", route: "/acl/tokens", what: "list tokens" };

/** Consul before 1.17 ignores the filters of this route, so what is ours is told apart here. */
async function list({ ask, instance, node }: TokenOptions, signal: AbortSignal): Promise<readonly Token[]> {
  const answer = await ask(LIST, signal);
  if (isAclDisabled(answer)) return [];
  if (answer.status !== 200) throw refused(LIST, answer);
  return parsed(allTokens, LIST, answer).flatMap((found) => {
    const mark = markOf(found.Description);
    return mark?.instance === instance && mark.node === node ? [tokenOf(found, mark)] : [];
  });
}

function tokenOf(found: TokenAnswer, { ref, service, generation }: Omit<TokenSpec, "accessor">): Token {
  return { accessor: found.AccessorID, ref, service, generation, createdAt: Date.parse(found.CreateTime) };
}

async function mint({ ask, instance, node }: TokenOptions, spec: TokenSpec, signal: AbortSignal): Promise<void> {
  const { accessor, ...mark } = spec;
  const Description = describe({ ...mark, instance, node });
  const call: Call = {
    method: "PUT",
    route: "/acl/token",
    what: `mint a token for ${spec.service}`,
    body: { AccessorID: accessor, Description, Local: true, ServiceIdentities: [{ ServiceName: spec.service }] },
  };
  const answer = await ask(call, signal);
  if (answer.status === 200) return;
  if (!/already in use/i.test(said(answer))) throw refused(call, answer);
  const there = await read(ask, accessor, signal);
  if (there?.Description === Description) return;
  throw failure(call, {
    code: "conflict",
    message: `token ${accessor} exists and is not ours (described as "${there?.Description ?? ""}"): delete it or change its accessor`,
    effect: "none",
    retry: "never",
  });
}

/** "ACL not found" is also what an unknown token of our own is told, so that is ruled out before anything is called absent. */
async function read(ask: Ask, accessor: string, signal: AbortSignal): Promise<TokenAnswer | undefined> {
  const call = byAccessor("GET", accessor);
  const answer = await ask(call, signal);
  if (answer.status === 200) return parsed(oneToken, call, answer);
  if (!isUnknownToken(answer)) throw refused(call, answer);
  await proveOwnToken(ask, signal);
  return undefined;
}

async function readSecret(ask: Ask, accessor: string, signal: AbortSignal): Promise<Secret | undefined> {
  const found = await read(ask, accessor, signal);
  if (found === undefined) return undefined;
  // Consul's stand-in for a secret that the reader may not see.
  if (found.SecretID !== "" && found.SecretID !== "<hidden>") return new Secret(found.SecretID);
  throw failure(byAccessor("GET", accessor), {
    code: "forbidden",
    message: 'Consul hides the secret: the controller\'s token needs acl = "write"',
    effect: "none",
    retry: "never",
  });
}

/** `stale` asks any server, as an agent does that has to judge the token. */
async function canUse(ask: Ask, secret: Secret, signal: AbortSignal): Promise<boolean> {
  const call: Call = { ...SELF, what: "try a token", query: { stale: "" }, as: secret };
  const answer = await ask(call, signal);
  if (answer.status === 200) return true;
  if (isUnknownToken(answer)) return false;
  throw refused(call, answer);
}

async function remove(ask: Ask, accessor: string, signal: AbortSignal): Promise<void> {
  const call = byAccessor("DELETE", accessor);
  const answer = await ask(call, signal);
  if (answer.status === 200) return;
  if (!isUnknownToken(answer)) throw refused(call, answer);
  await proveOwnToken(ask, signal);
}

const SELF: Call = { method: "GET", route: "/acl/token/self", what: "check the controller's own token" };

async function proveOwnToken(ask: Ask, signal: AbortSignal): Promise<void> {
  const answer = await ask(SELF, signal);
  if (answer.status !== 200) throw refused(SELF, answer);
}

function byAccessor(method: "GET" | "DELETE", accessor: string): Call {
  const what = `${method === "GET" ? "read" : "delete"} token ${accessor}`;
  return { method, route: "/acl/token/:accessor", params: { accessor }, what };
}
