/** How containers of an instance's network reach each other, as the self-test looks at it. */
import { describe, expect } from "vitest";
import { instanceLabels, LABEL } from "../../src/model/labels.ts";
import { systemClock } from "../../src/adapters/system.ts";
import { lookFrom } from "../../src/controller/probing.ts";
import { callCommand, isAnswered, PROBE_PORT, probeSpecs } from "../../src/reconcilers/probes.ts";
import type { ContractTest } from "./runtime.harness.ts";

export function probesContract(test: ContractTest): void {
  describe("containers of one network", () => {
    test("reach each other's published ports, and nothing else of each other", async ({ stage }) => {
      const { runtime, harness, instance, signal } = stage;
      const network = await stage.createNetwork("net");
      const address = (await runtime.network(network, signal))?.gateway ?? "";
      const port = await harness.freePort();
      const images = { infra: harness.image, consul: "", remora: "" };
      const specs = probeSpecs({ instance, network, advertise: address, images }, port);
      await stage.run(specs.listener);
      await stage.run(specs.caller);
      const seen = await lookFrom(specs, { runtime, clock: systemClock, address, port }, signal);
      expect(seen).toEqual({ kind: "tried", isReachable: true, isIsolated: true });

      const { stdout } = await runtime.exec(specs.caller.name, callCommand("127.0.0.1", PROBE_PORT), signal);
      expect(isAnswered(stdout)).toBe(false);
      expect((await stage.see(specs.listener.name)).ref).toBeUndefined();
      expect(specs.caller.labels).toMatchObject({ ...instanceLabels(instance), [LABEL.role]: "probe" });
    });
  });
}
