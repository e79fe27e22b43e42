/** The life of a group as its plans make it: up in the right order, settled, repaired with no step too many, and down again. */
import { describe, expect, test } from "vitest";
import { countdash, countdashApi, countdashDashboard } from "../../support/countdash.ts";
import { aGroup, aJob, aMeshService, aService, aTask } from "../../support/builders.ts";
import { Picture } from "../../support/picture.ts";

const dashboard = (): Picture => Picture.of({ ...countdash(), groups: [countdashDashboard()] });

/** The API's group, serving. */
function serving(group = countdashApi()): Picture {
  const picture = Picture.of({ ...countdash(), groups: [group] });
  picture.settle();
  expect(picture.status).toMatchObject({ state: "running", reason: "" });
  return picture;
}

describe("a group of which nothing exists", () => {
  test("comes up in the order of a life: namespace and token, gated registration, sidecar, tasks, gates dropped", () => {
    const picture = Picture.of(countdash());
    expect(picture.settle()).toEqual([
      "A create-namespace",
      "A mint-token count-api",
      "A register count-api gated",
      "A run-member connect-proxy-count-api",
      "A run-member web",
      "A register count-api open",
    ]);
    expect(picture.status.state).toBe("running");
  });

  test("says at every turn what it waits for, until it serves", () => {
    const picture = Picture.of(countdash());
    const reasons: string[] = [];
    while (picture.turn().length > 0) reasons.push(picture.status.reason);
    for (const reason of reasons) expect(reason).not.toBe("");
    expect(picture.status.reason).toBe("");
  });

  test("starts nothing before the ground is there, and says so", () => {
    const picture = Picture.of(countdash());
    picture.ground = "the network remora is being made";
    expect(picture.settle()).toEqual([]);
    expect(picture.status).toMatchObject({ state: "pending", reason: "the network remora is being made" });
    expect(picture.plan?.recheck).toBeGreaterThan(0);
  });

  test("creates nothing before its images are there, and says so", () => {
    const picture = Picture.of(countdash());
    picture.missingImages.set("consul:1", "the image consul:1 is being pulled");
    expect(picture.turn()).toEqual(["A pull-image consul:1", "A mint-token count-api"]);
    expect(picture.status).toMatchObject({ state: "pending", reason: "the image consul:1 is being pulled" });
  });

  test("starts its tasks only when the upstreams are bound, and serves only when the app listens", () => {
    const picture = dashboard();
    picture.mute.add("dashboard");
    picture.settle();
    expect(picture.status.state).toBe("pending");
    expect(picture.status.reason).toBe("the app of count-dashboard does not listen on port 9002 of its namespace yet");
    expect(picture.plan?.recheck).toBeGreaterThan(0);
    picture.mute.clear();
    expect(picture.settle()).toEqual(["A register count-dashboard open"]);
  });

  test("starts its tasks only when the sidecars of all its services are ready, for they share one namespace", () => {
    const services = [aMeshService({ name: "one" }), aMeshService({ name: "two", port: "9002" })];
    const picture = Picture.of(aJob({ groups: [aGroup({ services })] }));
    picture.mute.add("connect-proxy-two");
    picture.settle();
    expect(picture.done).not.toContain("A run-member web");
    expect(picture.status.reason).toBe("the sidecar of two does not listen yet");
    picture.mute.clear();
    expect(picture.settle()[0]).toBe("A run-member web");
  });

  test("without services has containers and nothing else", () => {
    const picture = Picture.of(aJob({ groups: [aGroup({ services: [] })] }));
    expect(picture.settle()).toEqual(["A create-namespace", "A run-member web"]);
    expect(picture.status.state).toBe("running");
  });

  test("of a service without a sidecar needs no token and no proxy", () => {
    const picture = Picture.of(aJob({ groups: [aGroup({ services: [aService()] })] }));
    expect(picture.settle()).toEqual([
      "A create-namespace",
      "A register api gated",
      "A run-member web",
      "A register api open",
    ]);
  });

  test("without ACLs needs no token", () => {
    const picture = Picture.of(countdash());
    picture.settings = { ...picture.settings, aclsEnabled: false };
    expect(picture.settle()).not.toContain("A mint-token count-api");
    expect(picture.status.state).toBe("running");
  });

  test("starts prestart tasks first, then main tasks, then poststart tasks, and never poststop tasks", () => {
    const task = (
      name: string,
      hook: "prestart" | "poststart" | "poststop",
      sidecar = true,
    ): ReturnType<typeof aTask> => aTask({ name, lifecycle: { hook, sidecar } });
    const tasks = [task("after", "poststart"), task("end", "poststop"), aTask(), task("init", "prestart", false)];
    const picture = Picture.of(aJob({ groups: [aGroup({ services: [], tasks })] }));
    picture.settle();
    expect(picture.done.at(-1)).toBe("A run-member init");
    picture.exit("init", 0);
    expect(picture.settle()).toEqual(["A run-member web", "A run-member after"]);
    expect(picture.status.state).toBe("running");
  });
});

describe("a settled group", () => {
  test("needs no step, no look and no probe, and neither does a new process", () => {
    const picture = serving();
    expect(picture.turn()).toEqual([]);
    expect(picture.plan?.recheck).toBeUndefined();
    picture.restart();
    expect(picture.turn()).toEqual([]);
    expect(picture.status.state).toBe("running");
  });

  test("says where it is reached and what runs", () => {
    const [alloc] = serving().status.allocs;
    expect(alloc).toMatchObject({
      index: 0,
      services: [{ name: "count-api", phase: "serving", address: "10.0.0.5:20000" }],
      tasks: [{ name: "web", state: "running", restarts: 0 }],
      ports: { "connect-proxy-count-api": 20_000 },
    });
  });
});

describe("a state", () => {
  test("holds since it was entered, and a new one since then", () => {
    const picture = serving();
    const began = picture.status.allocs[0]?.since ?? 0;
    picture.now += 5_000;
    picture.turn();
    expect(picture.status.allocs[0]?.since).toBe(began);
    picture.lose("web");
    picture.turn();
    expect(picture.status.allocs[0]).toMatchObject({ state: "degraded", since: picture.now });
  });
});

describe("drift is put right with exactly the steps it takes", () => {
  test("a task container that was removed comes back at once; sidecar, token and namespace are left alone", () => {
    const picture = serving();
    picture.lose("web");
    expect(picture.settle()).toEqual(["A register count-api gated", "A run-member web", "A register count-api open"]);
  });

  test("a service that was deregistered is registered again; no container is touched", () => {
    const picture = serving();
    picture.registrations = [];
    expect(picture.settle()).toEqual(["A register count-api open"]);
  });

  test("a sidecar entry that was deregistered is registered again", () => {
    const picture = serving();
    picture.registrations = picture.registrations.filter(({ kind }) => kind === "");
    expect(picture.settle()).toEqual(["A register count-api open"]);
  });

  test("a changed tag is set right without leaving rotation", () => {
    const picture = serving();
    picture.registrations = picture.registrations.map((entry) => ({ ...entry, tags: ["by-hand"] }));
    expect(picture.settle()).toEqual(["A register count-api open"]);
  });

  test("a sidecar that ended is replaced, at once the first time; the app is left alone", () => {
    const picture = serving();
    picture.exit("connect-proxy-count-api");
    expect(picture.settle()).toEqual([
      "A register count-api gated",
      "A remove-container connect-proxy-count-api",
      "A run-member connect-proxy-count-api",
      "A register count-api open",
    ]);
  });

  test("a sidecar that keeps ending is tried later and later, with a reason", () => {
    const picture = serving();
    const delays: number[] = [];
    for (let time = 0; time < 4; time++) {
      picture.exit("connect-proxy-count-api");
      picture.settle();
      delays.push(picture.plan?.recheck ?? 0);
      picture.now += picture.plan?.recheck ?? 0;
      picture.settle();
    }
    expect(delays[0]).toBe(0);
    expect(delays.slice(1)).toEqual(delays.toSorted((a, b) => a - b).slice(1));
    expect(delays[3]).toBeGreaterThan(delays[1] ?? 0);
  });

  test("an infra container that ended is started under its id, and its members with it", () => {
    const picture = serving();
    const { id } = picture.container("infra");
    for (const name of ["infra", "web", "connect-proxy-count-api"]) picture.exit(name);
    const steps = picture.settle();
    expect(picture.container("infra").id).toBe(id);
    expect(steps).toEqual([
      "A start-namespace",
      "A register count-api gated",
      "A start-member connect-proxy-count-api",
      "A start-member web",
      "A register count-api open",
    ]);
  });

  test("what creates no container is not held up by an image that is gone", () => {
    const picture = serving();
    for (const name of ["infra", "web", "connect-proxy-count-api"]) picture.exit(name);
    picture.missingImages.set("consul:1", "the image consul:1 is being pulled");
    const steps = picture.settle();
    expect(steps).toContain("A start-member connect-proxy-count-api");
    expect(steps).not.toContain("A pull-image consul:1");
    expect(picture.status.state).toBe("running");
  });

  test("members that outlived their ended infra container are moved into the new namespace", () => {
    const picture = serving();
    picture.exit("infra");
    expect(picture.settle()).toEqual([
      "A start-namespace",
      "A register count-api gated",
      "A remove-container connect-proxy-count-api",
      "A run-member connect-proxy-count-api",
      "A signal web its own",
      "A start-member web",
      "A register count-api open",
    ]);
    expect(picture.status.state).toBe("running");
  });

  test("an infra container that was removed is made again, and its members are made again", () => {
    const picture = serving();
    picture.lose("infra");
    const steps = picture.settle();
    expect(steps[0]).toBe("A create-namespace");
    expect(steps).toContain("A run-member connect-proxy-count-api");
    expect(steps).toContain("A run-member web");
    expect(steps).not.toContain("A mint-token count-api");
    expect(picture.status.state).toBe("running");
  });

  test("a token that vanished is minted in a new generation; the sidecar is renewed, the app left alone", () => {
    const picture = serving();
    const [old] = picture.tokens;
    picture.tokens = [];
    expect(picture.settle()).toEqual([
      "A mint-token count-api",
      "A register count-api gated",
      "A remove-container connect-proxy-count-api",
      "A run-member connect-proxy-count-api",
      "A register count-api open",
    ]);
    expect(picture.tokens).toMatchObject([{ generation: 1 }]);
    expect(picture.tokens[0]?.accessor).not.toBe(old?.accessor);
  });

  test("of one allocation leaves the other alone", () => {
    const picture = serving(countdashApi({ count: 2 }));
    picture.lose("web", "B");
    for (const step of picture.settle()) expect(step).toMatch(/^B /);
  });

  test("of one service in a group of two does not gate the other, nor hold it up", () => {
    const services = [aMeshService({ name: "one", port: "9001" }), aMeshService({ name: "two", port: "9002" })];
    const picture = serving(aGroup({ services }));
    picture.registrations = picture.registrations.filter(({ name }) => !name.startsWith("two"));
    expect(picture.settle()).toEqual(["A register two open"]);
  });

  test("of a plain service beside a mesh service that serves is put right too", () => {
    const services = [aMeshService({ name: "mesh", port: "9001" }), aService({ name: "plain", port: "9002" })];
    const picture = serving(aGroup({ services }));
    picture.registrations = picture.registrations.filter(({ name }) => name !== "plain");
    picture.settle();
    expect(picture.status).toMatchObject({ state: "running", reason: "" });
    expect(picture.done.at(-1)).toBe("A register plain open");
  });
});

describe("a group that is not wanted any more", () => {
  test("leaves in order: out of rotation, tasks, proxy, Consul, token, containers, volumes", () => {
    const picture = serving();
    picture.desired = { kind: "remove" };
    const steps = picture.settle();
    expect(steps).toEqual([
      "A enable-maintenance group-api-count-api-9001",
      "A enable-maintenance group-api-count-api-9001-sidecar-proxy",
      "A signal web its own",
      "A signal connect-proxy-count-api its own",
      "A deregister group-api-count-api-9001",
      "A delete-token",
      "A remove-container web",
      "A remove-container connect-proxy-count-api",
      "A remove-container infra",
      ...steps.slice(9),
    ]);
    expect(steps.slice(9).every((step) => step.startsWith("A remove-volume "))).toBe(true);
    expect(picture.turn()).toEqual([]);
    expect(picture.status).toMatchObject({ state: "stopping", allocs: [] });
    const { containers, volumes, registrations, tokens } = picture;
    expect([containers, volumes, registrations, tokens]).toEqual([[], [], [], []]);
  });

  test("is never registered again on its way out, also by a new process", () => {
    const picture = serving(countdashApi({ shutdownDelay: 10_000 }));
    picture.desired = { kind: "remove" };
    picture.settle();
    picture.restart();
    picture.now += 10_000;
    const steps = picture.settle();
    expect(steps.filter((step) => step.includes(" register "))).toEqual([]);
    expect(picture.containers).toEqual([]);
  });

  test("waits for its shutdown_delay from the moment it left rotation, whoever looks", () => {
    const picture = serving(countdashApi({ shutdownDelay: 10_000 }));
    picture.desired = { kind: "remove" };
    picture.settle();
    picture.now += 4_000;
    picture.restart();
    expect(picture.settle()).toEqual([]);
    expect(picture.plan?.recheck).toBe(6_000);
    expect(picture.status.allocs[0]?.reason).toBe("out of rotation, stopping in 6 s");
    picture.now += 6_000;
    expect(picture.settle()[0]).toBe("A signal web its own");
  });
});

describe("a frozen group", () => {
  test("has no step, whatever is broken, and says why", () => {
    const picture = serving();
    picture.lose("web");
    picture.registrations = [];
    picture.desired = { kind: "frozen", reason: "the file is broken" };
    expect(picture.turn()).toEqual([]);
    expect(picture.status).toMatchObject({ state: "frozen", reason: "the file is broken" });
  });
});

describe("count", () => {
  test("up: adds allocations with ports of their own, and leaves the others alone", () => {
    const picture = serving();
    picture.want(countdash(), countdashApi({ count: 3 }));
    const steps = picture.settle();
    expect(steps.filter((step) => step.startsWith("A "))).toEqual([]);
    const ports = picture.status.allocs.flatMap((alloc) => Object.values(alloc.ports));
    expect(new Set(ports).size).toBe(3);
    expect(picture.status).toMatchObject({ state: "running", desired: 3 });
  });

  test("down: removes the highest indexes", () => {
    const picture = serving(countdashApi({ count: 3 }));
    picture.want(countdash(), countdashApi({ count: 1 }));
    for (const step of picture.settle()) expect(step).toMatch(/^[BC] /);
    expect(picture.status.allocs.map(({ index }) => index)).toEqual([0]);
  });

  test("of zero removes all and is well", () => {
    const picture = serving();
    picture.want(countdash(), countdashApi({ count: 0 }));
    picture.settle();
    expect(picture.containers).toEqual([]);
    expect(picture.status).toMatchObject({ state: "running", desired: 0, allocs: [] });
  });

  test("that ports do not suffice for is said, and what runs goes on", () => {
    const picture = serving();
    picture.settings = { ...picture.settings, portRange: { from: 20_000, to: 20_002 } };
    picture.want(countdash(), countdashApi({ count: 2 }));
    expect(picture.settle()).toEqual([]);
    expect(picture.status).toMatchObject({
      state: "pending",
      reason: "no free port is left in 20000-20002: widen --port-range",
    });
    expect(picture.status.allocs[0]?.state).toBe("running");
  });
});
