/** A purge takes this node's jobs out of every mark, whatever else there is to remove. */
import { expect, test } from "vitest";
import { purgeInstance } from "../../../src/controller/purge.ts";
import { agentOf, type Intention, ownerOf } from "../../../src/model/intention.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { Mesh } from "../../../src/ports/mesh.ts";
import { aSettings } from "../../support/builders.ts";
import { settled, SimClock } from "../../sim/clock.ts";
import { fakeMesh } from "../../sim/fakes/consul/mesh.ts";
import { FakeConsul } from "../../sim/fakes/consul/world.ts";
import { FakeDocker } from "../../sim/fakes/docker/fake-docker.ts";
import { fakeRuntime } from "../../sim/fakes/docker/fake-runtime.ts";
import { FakeState } from "../../sim/files.ts";

const OURS = ownerOf("shop", agentOf(aSettings()));
const THEIRS = ownerOf("shop", agentOf(aSettings({ instance: "other" })));

const INTENTIONS: readonly Intention[] = [
  { source: "a", destination: "b", action: "allow", owners: [OURS] },
  { source: "a", destination: "c", action: "allow", owners: [OURS, THEIRS].sort() },
  { source: "a", destination: "d", action: "allow", owners: [THEIRS] },
  { source: "a", destination: "e", action: "deny" },
];

/** Purges, with the datacenter not known beforehand; resolves with what is left and what was told. */
async function purged(over: Partial<Mesh> = {}): Promise<{ left: readonly Intention[]; problems: readonly string[] }> {
  const clock = new SimClock(() => 0.5);
  const consul = new FakeConsul({ clock, acls: false });
  for (const intention of INTENTIONS) consul.intentions.put(intention);
  const settings = aSettings({ aclsEnabled: false, datacenter: "" });
  const { instance, node } = settings;
  const problems: string[] = [];
  const done = purgeInstance(
    {
      settings,
      version: "test",
      runtime: fakeRuntime(new FakeDocker(clock), instance),
      mesh: { ...fakeMesh(consul, instance, node, clock, ""), ...over },
      prober: { sidecar: async () => undefined },
      state: new FakeState(),
      clock,
      random: () => 0.5,
      observer: (event) => {
        if (event.kind === "problem") problems.push(event.message);
      },
      parse: () => ({ diagnostics: [] }),
    },
    new AbortController().signal,
  );
  await settled();
  const end = clock.now() + 10_000;
  while (await clock.step(end));
  await done;
  return { left: consul.intentions.all(), problems };
}

test("its own part of each mark goes, and an intention with it that has no other owner", async () => {
  const { left, problems } = await purged();
  expect(left).toEqual([{ source: "a", destination: "c", action: "allow", owners: [THEIRS] }, ...INTENTIONS.slice(2)]);
  expect(problems).toEqual([]);
});

test("without the right they stay, which is said, and all else is removed", async () => {
  const refusal = { code: "forbidden", call: "consul: write", effect: "none", retry: "never" } as const;
  const holdIntention = async (): Promise<void> => {
    throw new PortFailure({ ...refusal, message: "no" });
  };
  const { left, problems } = await purged({ holdIntention });
  expect(left).toEqual(INTENTIONS);
  expect(problems).toEqual(["intentions that were made for this node stay: consul: write: no"]);
});
