/** When the self-test of a whole agent is made again, and how it ends with its agent. */
import { describe, expect, test } from "vitest";
import { type FailureCode, PortFailure } from "../../../src/ports/failure.ts";
import type { Runtime } from "../../../src/ports/runtime.ts";
import { TestAgent } from "./agent.ts";

function refusal(code: FailureCode): PortFailure {
  return new PortFailure({ code, call: "docker: list", message: code, effect: "none", retry: "backoff" });
}

interface Counting {
  readonly agent: TestAgent;
  /** Names of the probes that were made. */
  readonly made: readonly string[];
  readonly fails: (code: FailureCode) => void;
}

/** An agent whose engine counts the probes, and fails its next listing where it is told to. */
function counting(over: (runtime: Runtime) => Partial<Runtime> = () => ({})): Counting {
  const made: string[] = [];
  let failure: PortFailure | undefined;
  const agent = new TestAgent((runtime) => ({
    list: (signal) => {
      const error = failure;
      failure = undefined;
      return error === undefined ? runtime.list(signal) : Promise.reject(error);
    },
    createContainer: (spec, signal) => {
      if (spec.name.startsWith("remora-probe-")) made.push(spec.name);
      return runtime.createContainer(spec, signal);
    },
    ...over(runtime),
  }));
  const fails = (code: FailureCode): void => {
    failure = refusal(code);
    agent.startle();
  };
  return { agent, made, fails };
}

describe("over a settled world, one listing of containers that failed", () => {
  test.each<[FailureCode, string, number]>([
    ["timeout", "does not have the self-test made again", 2],
    ["server", "does not have the self-test made again", 2],
    ["unreachable", "has it made again: the engine may be another one", 4],
  ])("with %s %s", async (code, _, probes) => {
    const { agent, made, fails } = counting();
    await agent.rests();
    expect(made).toHaveLength(2);
    fails(code);
    await agent.rests();
    expect(made).toHaveLength(probes);
    expect(agent.condition("containers")?.ok).toBe(true);
  });
});

describe("the stop of an agent in the middle of the self-test", () => {
  const PATIENCE = 5_000;

  /** As the engine's adapter does it: an answer that never comes, until it is given up. */
  const hangs = (signal: AbortSignal): Promise<never> =>
    new Promise((_, fail) => signal.addEventListener("abort", () => fail(refusal("aborted")), { once: true }));

  test.each<[string, Partial<Runtime>, number]>([
    ["ends its looking at once, and removes its containers", { exec: (_, __, signal) => hangs(signal) }, 2],
    ["waits for nobody who is asked how all is", { info: hangs }, 0],
  ])("%s", async (_, over, probes) => {
    const { agent, made } = counting(() => over);
    await agent.rests(100);
    expect(made).toHaveLength(probes);
    const stopped = agent.stop();
    let isOver = false;
    void stopped.then(() => (isOver = true));
    await agent.rests(PATIENCE);
    expect(isOver).toBe(true);
    expect([...agent.docker.containers.values()].map(({ spec }) => spec.name)).not.toContain(made[0]);
    expect(agent.condition("reachability")?.ok).not.toBe(false);
  });
});
