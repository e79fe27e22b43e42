/** A container as the engine describes it, as Remora sees it. */
import { describe, expect, test } from "vitest";
import type { Inspected } from "../../../../src/adapters/docker/inspect.ts";
import { containerOf, newborn } from "../../../../src/adapters/docker/listing.ts";
import { CALL_LIMIT } from "../../../../src/model/settings.ts";
import { ManualClock } from "../../../support/clock.ts";

const ZERO = "0001-01-01T00:00:00Z";

function inspected(state: Partial<Inspected["State"]>, labels: Record<string, string> = LABELS): Inspected {
  return {
    Id: "1f3c",
    Name: "/web",
    Created: "2024-05-01T10:00:00.123456789Z",
    State: { Status: "created", ExitCode: 0, OOMKilled: false, StartedAt: ZERO, FinishedAt: ZERO, ...state },
    Config: { Image: "web:1", Labels: labels },
    HostConfig: { NetworkMode: "none" },
  };
}

const LABELS = {
  "io.remora.role": "task",
  "io.remora.job": "j",
  "io.remora.group": "g",
  "io.remora.index": "2",
  "io.remora.alloc": "a",
};

describe("a listed container", () => {
  test("has milliseconds for times and nothing for what has not happened", () => {
    const seen = containerOf(inspected({ ExitCode: 128 }));
    expect(seen).toEqual({
      id: "1f3c",
      name: "web",
      role: "task",
      ref: { job: "j", group: "g", index: 2, alloc: "a" },
      labels: LABELS,
      image: "web:1",
      state: "created",
      networkMode: "none",
      createdAt: Date.UTC(2024, 4, 1, 10, 0, 0, 123),
      oomKilled: false,
    });
  });

  test("has an exit code only between two lives", () => {
    const times = { StartedAt: "2024-05-01T10:00:02Z", FinishedAt: "2024-05-01T10:00:01Z", ExitCode: 137 };
    const [started, finished] = [times.StartedAt, times.FinishedAt].map((time) => Date.parse(time));
    const running = containerOf(inspected({ ...times, Status: "running" }));
    expect(running).toMatchObject({ startedAt: started, finishedAt: finished });
    expect(running).not.toHaveProperty("exitCode");
    expect(containerOf(inspected({ ...times, Status: "exited" }))).toMatchObject({ exitCode: 137 });
  });

  test("belongs to no allocation if a mark is missing, and is none of ours without a role", () => {
    expect(containerOf(inspected({}, { "io.remora.role": "relay" }))).not.toHaveProperty("ref");
    expect(containerOf(inspected({}, { ...LABELS, "io.remora.role": "other" }))).toBeUndefined();
  });
});

describe("a container that never started", () => {
  const created = Date.UTC(2024, 4, 1, 10, 0, 0);
  const listed = {
    Id: "1f3c",
    Names: ["/web"],
    Image: "web:1",
    Created: created / 1000,
    State: "created",
    Labels: LABELS,
    HostConfig: { NetworkMode: "container:9a0b" },
  };
  const look = (one: Partial<typeof listed>, since = created - CALL_LIMIT): ReturnType<typeof newborn> =>
    newborn({ ...listed, ...one }, { since, clock: new ManualClock(created + 400) });

  test("is shown as the listing shows it, made no later than now", () => {
    const inspection = {
      ...inspected({}),
      HostConfig: listed.HostConfig,
      Created: new Date(created + 400).toISOString(),
    };
    const seen = look({});
    expect(seen && containerOf(seen)).toEqual(containerOf(inspection));
  });

  test("is asked about if the process before this one may have made it", () => {
    expect(look({}, created - CALL_LIMIT + 1)).toBeUndefined();
  });

  test("is asked about if its image has another name by now", () => {
    expect(look({ Image: "sha256:0a1b" })).toBeUndefined();
  });

  test.each(["running", "exited", "removing"])("is none that is %s", (State) => {
    expect(look({ State })).toBeUndefined();
  });
});
