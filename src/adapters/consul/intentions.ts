/** Intentions in Consul: all of them listed, and one pair at a time kept for those who need it. */
import { agentOf, changeOf, describedOwners, describeOwners, INTENTION_TEXT } from "../../model/intention.ts";
import { readOwners, writeOwners } from "../../model/intention.ts";
import type { Intention, IntentionChange, Pair } from "../../model/intention.ts";
import type { Mesh } from "../../ports/mesh.ts";
import type { Clock } from "../../ports/time.ts";
import { agentSelf, allIntentions, oneIntention, parsed } from "./answers.ts";
import type { IntentionAnswer } from "./answers.ts";
import { withinLimit } from "./call.ts";
import type { Answer, Ask, Call } from "./call.ts";
import { failure, isUnknownToken, refused, said } from "./errors.ts";
import { hints, poll, quietly } from "./hints.ts";

export interface IntentionOptions {
  readonly ask: Ask;
  readonly clock: Clock;
  readonly instance: string;
  readonly node: string;
}

type IntentionVerbs = Pick<Mesh, "intentions" | "holdIntention">;

export function intentionVerbs(options: IntentionOptions): IntentionVerbs {
  const { ask, clock } = options;
  const changes = (signal: AbortSignal): AsyncIterable<void> =>
    quietly(hints([poll(ask, LIST)], clock, signal), signal);
  return {
    intentions: { list: (signal) => list(ask, signal), changes },
    holdIntention: (pair, owners, signal) => hold({ ...options, ask: withinLimit(ask, clock) }, pair, owners, signal),
  };
}

const LIST: Call = { method: "GET", route: "/connect/intentions", what: "list the intentions" };
const EXACT = "/connect/intentions/exact";
const SELF: Call = { method: "GET", route: "/agent/self", what: "ask the agent who it is" };

async function list(ask: Ask, signal: AbortSignal): Promise<readonly Intention[]> {
  const call = { ...LIST, query: { consistent: "" } };
  const answer = await demand(ask, call, signal);
  return (parsed(allIntentions, call, answer) ?? []).filter(isPlain).map(intentionOf);
}

/** Between services of the default namespace and partition: nothing else is what an upstream means. */
function isPlain(found: IntentionAnswer): boolean {
  const homes = [found.SourceNS, found.DestinationNS, found.SourcePartition, found.DestinationPartition];
  const isHere = homes.every((home) => home === "" || home === "default");
  const isService = found.SourceType === "" || found.SourceType === "consul";
  return isHere && isService && found.SourcePeer === "" && found.SourceSamenessGroup === "";
}

/** Where the API before Consul 1.9 keeps the mark: its key in Meta. Later versions refuse Meta. */
const META_KEY = "remora-owners";

/** The description goes first: after an upgrade of Consul an intention still has the Meta it was made with. */
function intentionOf(found: IntentionAnswer): Intention {
  const words = found.Meta?.[META_KEY];
  const marked = describedOwners(found.Description) ?? (words === undefined ? undefined : readOwners(words));
  const isByPermissions = (found.Permissions ?? []).length > 0;
  return {
    source: found.SourceName,
    destination: found.DestinationName,
    action: found.Action,
    ...(marked === undefined || isByPermissions ? {} : { owners: marked }),
    ...(found.ID === "" ? {} : { id: found.ID }),
  };
}

/**
 * Consul has no compare-and-set for one pair. So the mark is read right before it is written, and whoever is lost between two who
 * write at once sees that in the next reading and enters again.
 */
async function hold(
  { ask, instance, node }: IntentionOptions,
  pair: Pair,
  owners: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { Config } = parsed(agentSelf, SELF, await demand(ask, SELF, signal));
  const read = isExact(Config.Version) ? readExact : readFromList;
  const there = await read(ask, pair, signal);
  const change = changeOf(there, agentOf({ instance, node, datacenter: Config.Datacenter }), owners);
  if (change.kind === "none") return;
  const call = isExact(Config.Version) ? exactCall(pair, change) : callById(pair, there, change);
  const answer = await ask(call, signal);
  if (answer.status !== 200 && !isGone(call, answer)) throw refusal(call, answer);
}

/** Consul 1.9 brought the API that names a pair by its two services, and with it refuses to use the other. */
function isExact(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || minor >= 9;
}

async function readExact(ask: Ask, { source, destination }: Pair, signal: AbortSignal): Promise<Intention | undefined> {
  const what = whatOf("read", source, destination);
  const call: Call = { method: "GET", route: EXACT, query: { source, destination }, what };
  const answer = await ask(call, signal);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(call, answer);
  return intentionOf(parsed(oneIntention, call, answer));
}

async function readFromList(ask: Ask, pair: Pair, signal: AbortSignal): Promise<Intention | undefined> {
  const all = await list(ask, signal);
  return all.find(({ source, destination }) => source === pair.source && destination === pair.destination);
}

type Write = Exclude<IntentionChange, { readonly kind: "none" }>;

function exactCall({ source, destination }: Pair, change: Write): Call {
  const common = { route: EXACT, query: { source, destination } };
  if (change.kind === "delete") return { ...common, method: "DELETE", what: whatOf("delete", source, destination) };
  const body = { SourceType: "consul", Action: "allow", Description: describeOwners(change.owners) };
  return { ...common, method: "PUT", what: whatOf("write", source, destination), body };
}

function callById({ source, destination }: Pair, there: Intention | undefined, change: Write): Call {
  const byId = { route: "/connect/intentions/:id", params: { id: there?.id ?? "" } };
  if (change.kind === "delete") return { ...byId, method: "DELETE", what: whatOf("delete", source, destination) };
  const body = {
    SourceName: source,
    DestinationName: destination,
    SourceType: "consul",
    Action: "allow",
    Description: INTENTION_TEXT,
    Meta: { [META_KEY]: writeOwners(change.owners) },
  };
  const what = whatOf("write", source, destination);
  if (there === undefined) return { method: "POST", route: LIST.route, what, body };
  return { ...byId, method: "PUT", what, body };
}

function whatOf(verb: string, source: string, destination: string): string {
  return `${verb} the intention ${source} -> ${destination}`;
}

function isGone({ method }: Call, answer: Answer): boolean {
  return method === "DELETE" && /non-existent intention/i.test(said(answer));
}

/** Somebody else made it, or took it away, since it was read: look again. */
const OVERTAKEN = /duplicate intention|non-existent intention/i;

function refusal(call: Call, answer: Answer): Error {
  const text = said(answer);
  if (OVERTAKEN.test(text)) return failure(call, { code: "conflict", message: text, effect: "none", retry: "backoff" });
  if (answer.status !== 403 || isUnknownToken(answer)) return refused(call, answer);
  const message =
    'the policy of Remora\'s token needs intentions = "write" in service_prefix "" (Consul: permission denied)';
  return failure(call, { code: "forbidden", message, effect: "none", retry: "never" });
}

async function demand(ask: Ask, call: Call, signal: AbortSignal): Promise<Answer> {
  const answer = await ask(call, signal);
  if (answer.status !== 200) throw refused(call, answer);
  return answer;
}
