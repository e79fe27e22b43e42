/** What all allocations stand on: the network, and the relay that outlives upgrades. */
import { describe, expect, test } from "vitest";
import type { Container, NetworkState } from "../../../src/model/container.ts";
import { LABEL } from "../../../src/model/labels.ts";
import type { Settings } from "../../../src/model/settings.ts";
import { type GroundObserved, planGround } from "../../../src/reconcilers/ground.ts";
import { aContainer, aSettings } from "../../support/builders.ts";

const OURS: NetworkState = {
  id: "1f3c",
  name: "remora",
  owned: true,
  gateway: "172.30.0.1",
  isolated: true,
  containers: 0,
};

function observed(over: Partial<GroundObserved> = {}): GroundObserved {
  return { network: OURS, relays: [], missingImage: undefined, ...over };
}

function plan(relays: readonly Container[], settings: Settings = aSettings()): readonly string[] {
  return planGround(observed({ relays }), settings).steps.map((step) =>
    step.kind === "remove-container" ? `remove ${step.container}` : step.kind,
  );
}

/** The relay as it would be started now. */
function aRelay(over: Partial<Container> = {}, settings: Settings = aSettings()): Container {
  const [step] = planGround(observed(), settings).steps;
  if (step?.kind !== "run-relay") throw new Error("no relay is started");
  const { name, image, labels } = step.spec;
  return { ...aContainer({ role: "relay", id: "relay", name, image, ...over }), labels };
}

describe("the network", () => {
  test("is made when it is missing, and everything waits for it", () => {
    const due = planGround(observed({ network: undefined }), aSettings());
    expect(due.steps).toMatchObject([{ kind: "create-network", spec: { name: "remora" } }]);
    expect(due.waiting).toBe("the network remora is being made");
  });

  test("of somebody else is left alone, and what to do is said", () => {
    const due = planGround(observed({ network: { ...OURS, owned: false } }), aSettings());
    expect(due.steps).toEqual([]);
    expect(due.waiting).toBe(
      "a network named remora exists and is not Remora's: remove it or choose another --instance",
    );
    expect(due.recheck).toBeGreaterThan(0);
  });
});

describe("the relay", () => {
  test("is started when there is none, and left alone when it runs", () => {
    expect(plan([])).toEqual(["run-relay"]);
    expect(plan([aRelay()])).toEqual([]);
  });

  test("is started again when it ended, removed when it is dead, and waited for when Docker is busy with it", () => {
    expect(plan([aRelay({ state: "exited" })])).toEqual(["run-relay"]);
    expect(plan([aRelay({ state: "created" })])).toEqual(["run-relay"]);
    expect(plan([aRelay({ state: "dead" })])).toEqual(["remove relay"]);
    expect(plan([aRelay({ state: "restarting" })])).toEqual([]);
  });

  test("stays through an upgrade of Remora, for every proxy's stream goes through it", () => {
    const before = aRelay();
    const upgraded = aSettings({ images: { ...aSettings().images, remora: "remora:2" } });
    expect(plan([before], upgraded)).toEqual([]);
  });

  test("is replaced when it would reach another Consul, and removed only when its successor runs", () => {
    const moved = aSettings({ relay: { http: "http://127.0.0.1:9500", grpc: "http://127.0.0.1:9502" } });
    expect(plan([aRelay()], moved)).toEqual(["run-relay"]);
    expect(plan([aRelay(), aRelay({ id: "next", state: "created" }, moved)], moved)).toEqual(["run-relay"]);
    expect(plan([aRelay(), aRelay({ id: "next" }, moved)], moved)).toEqual(["remove relay"]);
  });

  test("waits for its image, and the old one stays until it is there", () => {
    const missingImage = "the image remora:1 is being pulled";
    const due = planGround(
      observed({ relays: [aRelay({}, aSettings({ relay: { http: "other" } }))], missingImage }),
      aSettings(),
    );
    expect(due).toEqual({ steps: [{ kind: "pull-image", image: "remora:1" }], waiting: missingImage });
  });

  test("is not needed when groups go to Consul directly", () => {
    expect(plan([], aSettings({ consulForGroups: "http://10.0.0.9:8500" }))).toEqual([]);
  });

  test("is the only container that Docker keeps alive, on the host's network, and can change nothing", () => {
    const [step] = planGround(observed(), aSettings()).steps;
    expect(step).toMatchObject({
      spec: {
        image: "remora:1",
        command: ["relay", "--directory", "/consul", "--http", "http://127.0.0.1:8500"],
        network: { kind: "host" },
        restart: "always",
        capDrop: ["ALL"],
        readonlyRootfs: true,
        labels: { [LABEL.role]: "relay", [LABEL.instance]: "remora" },
      },
    });
  });
});
