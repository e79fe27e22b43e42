/** What a sidecar is once the job has spoken: nothing is reset that the job does not mention. */
import { describe, expect, test } from "vitest";
import { sidecarCommand, sidecarLimits } from "../../../src/model/sidecar.ts";

describe("a sidecar_task", () => {
  const usual = { resources: { cpu: 250, memory: 128 }, killTimeout: 5_000, logs: { maxFiles: 2, maxSizeMb: 2 } };

  test("that says nothing leaves Nomad's defaults", () => {
    expect(sidecarLimits({})).toMatchObject({ ...usual, killSignal: "" });
  });

  test("keeps each default that it does not mention", () => {
    expect(sidecarLimits({ image: "mine:1" })).toMatchObject(usual);
    expect(sidecarLimits({ resources: { cpu: 500 } }).resources).toEqual({ cpu: 500, memory: 128 });
    expect(sidecarLimits({ resources: { memory: 64 } }).resources).toEqual({ cpu: 250, memory: 64 });
    expect(sidecarLimits({ killTimeout: 1_000 })).toMatchObject({ resources: usual.resources, killTimeout: 1_000 });
  });

  test("has its command before the arguments, and its arguments in place of the usual ones", () => {
    const run = (own: Parameters<typeof sidecarCommand>[0]): readonly string[] => sidecarCommand(own, ["-c", "x"]);
    expect(run({})).toEqual(["-c", "x"]);
    expect(run({ command: "envoy" })).toEqual(["envoy", "-c", "x"]);
    expect(run({ command: "envoy", args: ["-v"] })).toEqual(["envoy", "-v"]);
    expect(run({ args: [] })).toEqual([]);
  });
});
