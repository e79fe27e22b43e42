/** The intentions of the simulation: those that should be, those of others, and people who meddle with ours. */
import { agentOf, isOwnedBy, ownerOf, pairKey } from "../../src/model/intention.ts";
import type { Intention, Pair } from "../../src/model/intention.ts";
import { canonicalJson } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import type { Chance } from "./random.ts";
import type { World } from "./world.ts";

/** Another node's owner, which shares one of our pairs. */
const OTHER_OWNER = ownerOf("alpha", agentOf({ instance: "remora", node: "elsewhere", datacenter: "dc1" }));

/** One that denies what a job of ours wants, and two that Remora made for another node. */
export function theirIntentions(): readonly Intention[] {
  return [
    { source: "beta-admin", destination: "beta-web", action: "deny" },
    { source: "alpha-admin", destination: "alpha-web", action: "allow", owners: [OTHER_OWNER] },
    { source: "gone", destination: "theirs", action: "allow", owners: [OTHER_OWNER] },
  ];
}

/** What was decided by others stays as it is, and other owners stay in the marks of pairs we share. */
export function missingIntentions({ consul }: World, theirs: readonly Intention[]): readonly string[] {
  return theirs.flatMap((intention) => {
    const now = consul.intentions.get(intention);
    const isThere =
      intention.owners === undefined
        ? canonicalJson(now ?? null) === canonicalJson(intention)
        : intention.owners.every((owner) => now?.owners?.includes(owner));
    return isThere ? [] : [`the intention ${pairKey(intention)}`];
  });
}

/** What differs from what the files say; nothing is expected where Remora leaves intentions alone. */
export function intentionFlaws({ consul, settings }: World, jobs: readonly Job[]): readonly string[] {
  if (settings.intentions === "none") return [];
  const agent = agentOf(settings);
  const wanted = new Map(jobs.flatMap((job) => pairsOf(job).map((pair) => [pairKey(pair), ownerOf(job.id, agent)])));
  const missing = [...wanted].filter(([key, owner]) => {
    const there = consul.intentions.all().find((each) => pairKey(each) === key);
    const isTheirs = there !== undefined && there.owners === undefined;
    return !isTheirs && !(there?.action === "allow" && there.owners?.includes(owner));
  });
  const surplus = ours(consul.intentions.all(), agent).filter(
    (each) => !each.owners?.every((owner) => !isOwnedBy(owner, agent) || wanted.get(pairKey(each)) === owner),
  );
  return [
    ...missing.map(([key]) => `the intention ${key} is not there, not allowed or not marked`),
    ...surplus.map((each) => `the intention ${pairKey(each)} is marked and not needed`),
  ];
}

function pairsOf({ groups }: Job): readonly Pair[] {
  return groups
    .flatMap(({ services }) => services)
    .flatMap(({ name, connect }) =>
      (connect?.sidecarService.proxy.upstreams ?? []).map((upstream) => ({
        source: name,
        destination: upstream.destinationName,
      })),
    );
}

function ours(all: readonly Intention[], agent: string): readonly Intention[] {
  return all.filter(({ owners = [] }) => owners.some((owner) => isOwnedBy(owner, agent)));
}

/** Somebody removes or denies a pair of ours, or two agents write its mark at once and ours is lost. */
export function meddle({ consul, settings }: World, chance: Chance): void {
  const agent = agentOf(settings);
  const intention = chance.pick(ours(consul.intentions.all(), agent));
  if (intention === undefined) return;
  const others = (intention.owners ?? []).filter((owner) => !isOwnedBy(owner, agent));
  const meddlings = [
    () => (others.length > 0 ? undefined : consul.intentions.remove(intention)),
    () => consul.intentions.put({ ...intention, action: "deny" }),
    () => consul.intentions.put({ ...intention, owners: others }),
  ];
  chance.pick(meddlings)?.();
}
