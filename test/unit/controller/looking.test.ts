/** What is looked at beyond the stores: only what a plan needs, and nothing of a group that is whole. */
import { describe, expect, test } from "vitest";
import { look } from "../../../src/controller/looking.ts";
import { Pulls } from "../../../src/controller/pulls.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { Prober } from "../../../src/ports/prober.ts";
import type { Runtime } from "../../../src/ports/runtime.ts";
import { aGroup, aJob, aMeshService, aTask } from "../../support/builders.ts";
import { ManualClock } from "../../support/clock.ts";
import { countdash } from "../../support/countdash.ts";
import { Picture } from "../../support/picture.ts";

function settled(picture = Picture.of(countdash())): Picture {
  picture.settle();
  return picture;
}

describe("what is looked at", () => {
  test("is nothing for a group that is whole, frozen or on its way out", () => {
    const picture = settled();
    expect(picture.lookups()).toEqual({ images: [], allocs: [] });
    picture.registrations = [];
    for (const desired of [{ kind: "remove" }, { kind: "frozen", reason: "" }] as const) {
      picture.desired = desired;
      expect(picture.lookups()).toEqual({ images: [], allocs: [] });
    }
  });

  test("is every image of a group of which a container is missing", () => {
    const picture = settled();
    picture.lose("web");
    expect(picture.lookups().images).toEqual(["busybox:1", "consul:1", "hashicorpdev/counter-api:v3"]);
  });

  test("is not an image whose name is only known for a given allocation", () => {
    const picture = Picture.of(aJob({ groups: [aGroup({ tasks: [aTask({}, { image: "app:${NOMAD_META_v}" })] })] }));
    expect(picture.lookups().images).toEqual(["busybox:1", "consul:1"]);
  });

  test("is the namespace and each running sidecar of what is not open yet", () => {
    const picture = settled();
    picture.registrations = [];
    const infra = picture.container("infra");
    expect(picture.lookups().allocs).toEqual([
      {
        alloc: infra.ref?.alloc,
        infra: infra.id,
        sidecars: [{ probe: { address: "10.0.0.5", port: 20_000, service: "count-api" }, appPort: 9001 }],
      },
    ]);
    picture.exit("connect-proxy-count-api");
    expect(picture.lookups().allocs).toMatchObject([{ sidecars: [] }]);
    picture.exit("infra");
    expect(picture.lookups().allocs).toEqual([]);
  });

  test("is nothing in a namespace in which nothing runs yet, for nobody can listen there", () => {
    const picture = settled();
    picture.registrations = [];
    picture.exit("connect-proxy-count-api");
    picture.exit("web");
    expect(picture.lookups().allocs).toEqual([]);
  });

  test("is the namespace of what is open although nothing runs in it any more", () => {
    const picture = settled();
    picture.exit("connect-proxy-count-api");
    picture.exit("web");
    expect(picture.lookups().allocs).toMatchObject([{ infra: picture.container("infra").id, sidecars: [] }]);
  });

  test("is only the sidecar that is not open of two", () => {
    const services = [aMeshService({ name: "one" }), aMeshService({ name: "two", port: "9002" })];
    const picture = settled(Picture.of(aJob({ groups: [aGroup({ services })] })));
    picture.registrations = picture.registrations.filter(({ name }) => !name.startsWith("two"));
    expect(picture.lookups().allocs[0]?.sidecars.map(({ probe }) => probe.service)).toEqual(["two"]);
  });
});

describe("looking", () => {
  const sidecar = { probe: { address: "10.0.0.5", port: 20_000, service: "api" }, appPort: 9001 };
  const alloc = { alloc: "a", infra: "i", sidecars: [sidecar] };
  const table = (port: number): string =>
    `   0: 00000000:${port.toString(16).toUpperCase()} 00000000:0000 0A 00000000:00000000\n`;
  const signal = new AbortController().signal;

  function looked(
    exec: () => Promise<{ exitCode: number; stdout: string }>,
    asked: string[] = [],
  ): ReturnType<typeof look> {
    const prober: Prober = {
      sidecar: async ({ service }) => {
        asked.push(service);
        return undefined;
      },
    };
    const runtime = { exec, hasImage: async (image: string) => image === "here" } as unknown as Runtime;
    const parts = { runtime, clock: new ManualClock(), random: () => 0, wake: () => undefined, signal };
    return look({ images: ["here", "gone"], allocs: [alloc] }, { runtime, prober, pulls: new Pulls(parts) }, signal);
  }

  test("tells who listens, which sidecars answer, and which images are missing", async () => {
    const seen = await looked(async () => ({ exitCode: 0, stdout: table(9001) }));
    expect(seen.probes.get("a")).toEqual({ listening: new Set([9001]), sidecars: new Map([["api", undefined]]) });
    expect(seen.missingImages).toEqual(new Map([["gone", "the image gone is being pulled"]]));
  });

  test("asks a sidecar only when its app listens, for Consul's proxy answers nobody before", async () => {
    const asked: string[] = [];
    await looked(async () => ({ exitCode: 0, stdout: table(1234) }), asked);
    expect(asked).toEqual([]);
  });

  test("makes do with the table of IPv4 where IPv6 is off", async () => {
    const seen = await looked(async () => ({ exitCode: 1, stdout: table(9001) }));
    expect(seen.probes.get("a")?.listening).toEqual(new Set([9001]));
  });

  test("into a namespace that cannot be looked into finds it not ready, and fails nobody", async () => {
    const failure = new PortFailure({ code: "rejected", call: "c", message: "m", effect: "none", retry: "backoff" });
    const seen = await looked(() => Promise.reject(failure));
    expect(seen.probes.get("a")).toEqual({ sidecars: new Map() });
    expect((await looked(async () => ({ exitCode: 127, stdout: "" }))).probes.get("a")).toEqual({
      sidecars: new Map(),
    });
  });
});
