/** An agent that cannot find out who and where it is serves what it found meanwhile, and begins when it can. */
import { expect, test } from "vitest";
import { Agent } from "../../../src/controller/agent.ts";
import type { ControllerOptions } from "../../../src/controller/controller.ts";
import type { Finding } from "../../../src/model/status.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { EngineEvent } from "../../../src/ports/observer.ts";
import { aSettings } from "../../support/builders.ts";
import { ManualClock, quiet } from "../../support/clock.ts";

const AMISS: Finding = { name: "token", ok: false, message: 'the token lacks acl = "write"' };
const WELL: Finding = { name: "docker", ok: true, message: "Docker answers" };

test("what keeps an agent from beginning is told by name, and is over when it begins", async () => {
  const clock = new ManualClock();
  const events: EngineEvent[] = [];
  let isRefused = true;
  const begun: string[] = [];
  const agent = new Agent({
    instance: "remora",
    version: "test",
    clock,
    random: () => 0.5,
    observer: (event) => events.push(event),
    discover: async () => {
      if (isRefused) throw refused;
      return aSettings();
    },
    examine: async () => [AMISS, WELL],
    parts: ({ node }): ControllerOptions => {
      begun.push(node);
      throw new Error("far enough");
    },
  });
  const running = agent.run(new AbortController().signal).catch((error: unknown) => error);
  await quiet();
  expect(agent.failing().map(({ name, message }) => `${name}: ${message}`)).toEqual([
    "settings: consul: ask the agent who it is: Permission denied",
    `token: ${AMISS.message}`,
  ]);
  expect(agent.status().conditions.map(({ name, ok }) => [name, ok])).toEqual([
    ["settings", false],
    ["token", false],
    ["docker", true],
  ]);
  expect(begun).toEqual([]);
  isRefused = false;
  await clock.advance(10_000);
  expect(await running).toMatchObject({ message: "far enough" });
  expect(begun).toEqual(["host-1"]);
  const told = events.filter((event) => event.kind === "condition" && event.name === "settings");
  expect(told.map((event) => event.kind === "condition" && event.ok)).toEqual([false, true]);
});

const refused = new PortFailure({
  code: "forbidden",
  call: "consul: ask the agent who it is",
  message: "Permission denied",
  effect: "none",
  retry: "never",
});
