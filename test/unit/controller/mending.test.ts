/** What a loss means for the rest of an allocation: ports, tasks that ran once, members that somebody paused, and an address that moved. */
import { describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../../src/model/container.ts";
import type { TaskGroup } from "../../../src/model/job.ts";
import { aGroup, aJob, aPort, aTask } from "../../support/builders.ts";
import { countdash, countdashApi } from "../../support/countdash.ts";
import { Picture } from "../../support/picture.ts";

function serving(group: TaskGroup): Picture {
  const picture = Picture.of(aJob({ groups: [group] }));
  picture.settle();
  expect(picture.status.state).toBe("running");
  return picture;
}

describe("after the infra container is gone", () => {
  const ports = [
    aPort({ label: "http", to: 80 }),
    aPort({ label: "admin", static: 9000, to: 90 }),
    aPort({ label: "own" }),
  ];
  const group = aGroup({ network: { mode: "bridge", ports } });

  function publishedBy(spec: ContainerSpec | undefined): readonly string[] {
    return spec?.publish.map(({ hostPort, containerPort }) => `${hostPort}:${containerPort}`) ?? [];
  }

  test("dynamic ports are chosen afresh, and static ones and those inside stay what they are", () => {
    const picture = serving(group);
    expect(publishedBy(picture.made[0])).toEqual(["20000:80", "9000:90", "20001:20001", "20002:20002", "20003:20003"]);
    picture.made.length = 0;
    picture.lose("infra");
    picture.settle();
    expect(publishedBy(picture.made[0])).toEqual(["20004:80", "9000:90", "20005:20005", "20006:20006", "20007:20007"]);
    expect(picture.status).toMatchObject({
      state: "running",
      allocs: [{ ports: { http: 20_004, admin: 9_000, own: 20_005, "connect-proxy-api": 20_006 } }],
    });
    expect(picture.registration("api-sidecar-proxy").port).toBe(20_006);
  });

  test("its members are made anew and told the new ports", () => {
    const picture = serving(group);
    picture.made.length = 0;
    picture.lose("infra");
    picture.settle();
    expect(picture.made).toHaveLength(3);
    expect(picture.made.find(({ image }) => image === "app:1")?.env).toMatchObject({
      NOMAD_PORT_http: "80",
      NOMAD_HOST_PORT_http: "20004",
      NOMAD_HOST_PORT_admin: "9000",
      NOMAD_PORT_own: "20005",
    });
    expect(picture.made.find(({ image }) => image === "consul:1")?.command).toContain(":20006");
  });

  test("that only ended its ports are kept", () => {
    const picture = serving(group);
    const before = picture.status.allocs[0]?.ports;
    picture.exit("infra");
    picture.settle();
    expect(picture.status).toMatchObject({ state: "running", allocs: [{ ports: before }] });
  });
});

describe("a prestart task that has ended well", () => {
  function initialised(): Picture {
    const init = aTask({ name: "init", lifecycle: { hook: "prestart", sidecar: false } });
    const picture = Picture.of(aJob({ groups: [aGroup({ tasks: [init, aTask()] })] }));
    picture.settle();
    picture.exit("init", 0);
    picture.settle();
    expect(picture.status.state).toBe("running");
    return picture;
  }

  test("and whose container was cleaned up is not run again while a main task runs", () => {
    const picture = initialised();
    picture.lose("init");
    expect(picture.settle()).toEqual([]);
    expect(picture.status).toMatchObject({ state: "running", reason: "" });
    expect(picture.lookups()).toEqual({ images: [], allocs: [] });
  });

  test("and whose container was cleaned up is run again before a main task that has to be made again", () => {
    const picture = initialised();
    picture.lose("init");
    picture.lose("web");
    picture.settle();
    expect(picture.done.at(-1)).toBe("A run-member init");
  });

  test.each(["lose", "exit"] as const)(
    "is run again, before the main tasks, after the namespace was lost (%s)",
    (how) => {
      const picture = initialised();
      picture.lose("init");
      picture[how]("infra");
      const steps = picture.settle();
      expect(steps).toContain("A run-member init");
      expect(steps).not.toContain("A run-member web");
      picture.exit("init", 0);
      picture.settle();
      expect(picture.status.state).toBe("running");
    },
  );
});

describe("an allocation that failed", () => {
  const policy = { attempts: 0, interval: 600_000, delay: 1_000, mode: "fail" } as const;

  test("stops its siblings after its shutdown_delay, counted from the failure, also for a new process", () => {
    const tasks = [aTask({ restart: policy }), aTask({ name: "sibling" })];
    const picture = serving(aGroup({ services: [], tasks, shutdownDelay: 10_000 }));
    picture.exit("web");
    expect(picture.settle()).toEqual([]);
    picture.now += 9_999;
    picture.restart();
    expect(picture.turn()).toEqual([]);
    picture.now += 1;
    expect(picture.settle()).toEqual(["A signal sibling its own"]);
  });
});

describe("a container that somebody paused", () => {
  test.each([
    ["web", /^web-\S+ is paused: unpause it with docker unpause$/],
    ["connect-proxy-api", /^connect-proxy-api-\S+ is paused: unpause it with docker unpause$/],
    ["infra", /^the infra container remora-infra-\S+ is paused: unpause it with docker unpause$/],
  ])("is told of, and %s is looked at each second", (name, reason) => {
    const picture = serving(aGroup());
    picture.change(name, { state: "paused" });
    picture.settle();
    expect(picture.status.reason).toMatch(reason);
    expect(picture.plan?.recheck).toBe(1_000);
    picture.change(name, { state: "running" });
    picture.settle();
    expect(picture.status.state).toBe("running");
  });
});

describe("another advertised address", () => {
  test("replaces an allocation, whose sidecar is published on the old one, start-first", () => {
    const picture = serving(countdashApi());
    picture.settings = { ...picture.settings, advertise: "10.0.0.6" };
    const steps = picture.settle();
    expect(steps.indexOf("B register count-api open")).toBeGreaterThan(0);
    expect(steps.indexOf("A enable-maintenance group-api-count-api-9001")).toBeGreaterThan(
      steps.indexOf("B register count-api open"),
    );
    expect(picture.registration("count-api-sidecar-proxy").address).toBe("10.0.0.6");
    expect(picture.containers).toHaveLength(3);
    picture.restart();
    expect(picture.turn()).toEqual([]);
  });

  test("leaves an allocation without a sidecar where it is", () => {
    const picture = serving(aGroup({ services: [] }));
    picture.settings = { ...picture.settings, advertise: "10.0.0.6" };
    expect(picture.turn()).toEqual([]);
  });
});

describe("during an update", () => {
  const slow = (image: string): TaskGroup => countdashApi({ tasks: [aTask({}, { image })], shutdownDelay: 10_000 });

  test("the state of a group is that of what is wanted, not of what leaves", () => {
    const picture = Picture.of({ ...countdash(), groups: [slow("app:1")] });
    picture.settle();
    picture.want(countdash(), slow("app:2"));
    picture.settle();
    expect(picture.status.allocs.map(({ state }) => state).sort()).toEqual(["running", "stopping"]);
    expect(picture.status).toMatchObject({ state: "running", reason: "" });
  });
});
