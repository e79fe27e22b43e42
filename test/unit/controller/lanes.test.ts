/** Lanes of steps: in order within a lane, side by side between lanes, and a failure ends only its own. */
import { describe, expect, test } from "vitest";
import { type LanesResult, runLanes } from "../../../src/controller/lanes.ts";
import type { Step } from "../../../src/model/step.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { Mesh } from "../../../src/ports/mesh.ts";
import type { EngineEvent } from "../../../src/ports/observer.ts";
import type { Runtime } from "../../../src/ports/runtime.ts";
import { ManualClock } from "../../support/clock.ts";

const remove = (container: string): Step => ({ kind: "remove-container", container, name: container });
const deregister = (id: string): Step => ({ kind: "deregister", id });

interface Bench {
  readonly calls: string[];
  readonly events: EngineEvent[];
  readonly run: (...lanes: readonly (readonly Step[])[]) => Promise<LanesResult>;
}

/** Calls about what `refused` names fail; `unknown` ones may have happened all the same. */
function aBench(refused: Readonly<Record<string, "none" | "unknown">> = {}): Bench {
  const calls: string[] = [];
  const events: EngineEvent[] = [];
  const call = async (about: string): Promise<void> => {
    calls.push(`${about} begins`);
    await Promise.resolve();
    const effect = refused[about];
    if (effect !== undefined)
      throw new PortFailure({ code: "server", call: about, message: "refused", effect, retry: "backoff" });
    calls.push(`${about} ends`);
  };
  const runtime = { removeContainer: call } as unknown as Runtime;
  const mesh = { deregister: call, deleteToken: call } as unknown as Mesh;
  const tools = { runtime, mesh, clock: new ManualClock() };
  const run: Bench["run"] = (...lanes) =>
    runLanes(
      "key",
      lanes.map((steps, index) => ({ alloc: `alloc-${index}`, steps })),
      tools,
      (event) => events.push(event),
      new AbortController().signal,
    );
  return { calls, events, run };
}

describe("lanes", () => {
  test("go side by side, each in order", async () => {
    const bench = aBench();
    const { failures } = await bench.run([remove("a1"), remove("a2")], [remove("b1")]);
    expect(failures).toEqual([]);
    expect(bench.calls.slice(0, 2)).toEqual(["a1 begins", "b1 begins"]);
    expect(bench.calls.indexOf("a2 begins")).toBeGreaterThan(bench.calls.indexOf("a1 ends"));
  });

  test("end at their first failure, and hold up no other", async () => {
    const bench = aBench({ a1: "none" });
    const { failures } = await bench.run([remove("a1"), remove("a2")], [remove("b1"), remove("b2")]);
    expect(failures).toEqual([{ alloc: "alloc-0", code: "server", message: "a1: refused", inDoubt: false }]);
    expect(bench.calls).not.toContain("a2 begins");
    expect(bench.calls).toContain("b2 ends");
  });

  test("tell which failure may have happened all the same", async () => {
    const { failures } = await aBench({ a1: "unknown" }).run([remove("a1")]);
    expect(failures).toMatchObject([{ inDoubt: true }]);
  });

  test("tell which sources must be read again", async () => {
    const touched = async (bench: Bench, ...steps: readonly Step[]): Promise<readonly string[]> =>
      [...(await bench.run(steps)).touched].sort();
    const token: Step = { kind: "delete-token", accessor: "t" };
    expect(await touched(aBench(), remove("a"), deregister("b"), token)).toEqual([
      "registrations",
      "runtime",
      "tokens",
    ]);
    expect(await touched(aBench({ b: "unknown" }), deregister("b"))).toEqual(["registrations"]);
    expect(await touched(aBench({ b: "none" }), deregister("b"))).toEqual([]);
    expect(await touched(aBench({ a: "none" }), remove("a"))).toEqual(["runtime"]);
  });

  test("tell of each step, with its error if it had one", async () => {
    const bench = aBench({ a2: "none" });
    await bench.run([remove("a1"), remove("a2")], [{ kind: "delete-token", accessor: "t" }]);
    const told = bench.events.map((event) =>
      event.kind === "step" ? `${event.subject} ${event.error ?? "ok"}` : event.kind,
    );
    expect(told.sort()).toEqual(["a1 ok", "a2 a2: refused", "t ok", "token-deleted"]);
  });

  test("let a defect through: only a PortFailure is a failure", async () => {
    const runtime = { removeContainer: () => Promise.reject(new TypeError("defect")) } as unknown as Runtime;
    const tools = { runtime, mesh: {} as Mesh, clock: new ManualClock() };
    const lanes = [{ alloc: "a", steps: [remove("a")] }];
    const run = runLanes("key", lanes, tools, () => undefined, new AbortController().signal);
    await expect(run).rejects.toThrow("defect");
  });
});
