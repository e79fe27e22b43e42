/**
 * What the controller's own token may do. Consul itself is asked, as its own web page does: `POST /internal/acl/authorize`
 * evaluates a list of rights for the token of the request and changes nothing (Consul 1.8 and later; a server answers, so no
 * agent's cache is in the way).
 */
import { z } from "zod";
import type { Right } from "../../model/policy.ts";
import { PortFailure } from "../../ports/failure.ts";
import { parsed } from "./answers.ts";
import type { Ask, Call } from "./call.ts";
import { isAclDisabled, refused } from "./errors.ts";
import type { NodeName } from "./node.ts";

const AUTHORIZE = {
  method: "POST",
  route: "/internal/acl/authorize",
  what: "ask what Remora's own token may do",
  isRead: true,
} as const satisfies Call;

/** Stands for names that are not known yet: only a rule for all names covers it. */
const ANY_NAME = "remora-preflight";

const Answers = z.array(z.object({ Allow: z.boolean() }));

/** Consul answers in the order of the questions. */
export async function lacks(
  ask: Ask,
  nodeName: NodeName,
  rights: readonly Right[],
  signal: AbortSignal,
): Promise<readonly Right[]> {
  const node = await ownNode(ask, nodeName, signal);
  const names = { "own-node": { Segment: node }, "any-name": { Segment: ANY_NAME }, nothing: {} };
  const body = rights.map(({ resource, access, on }) => ({ Resource: resource, Access: access, ...names[on] }));
  const call: Call = { ...AUTHORIZE, body };
  const answer = await ask(call, signal);
  if (isAclDisabled(answer)) return [];
  if (answer.status !== 200) throw refused(call, answer);
  const allowed = parsed(Answers, call, answer);
  return rights.filter((_, i) => allowed[i]?.Allow !== true);
}

/** A token that may not ask the agent for its name has no rule for that name either. */
async function ownNode(ask: Ask, nodeName: NodeName, signal: AbortSignal): Promise<string> {
  try {
    return await nodeName.get(ask, signal);
  } catch (error) {
    if (error instanceof PortFailure && error.code === "forbidden") return ANY_NAME;
    throw error;
  }
}
