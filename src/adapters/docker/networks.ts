/** The bridge network of an instance. */
import { z } from "zod";
import type { NetworkSpec, NetworkState } from "../../model/container.ts";
import { LABEL } from "../../model/labels.ts";
import type { Ask, Engine } from "./engine.ts";
import { orAbsent, refusal } from "./errors.ts";
import type { Call } from "./errors.ts";
import { inPath } from "./names.ts";

/** "false" keeps the containers of a bridge from reaching each other directly (inter-container communication). */
const ICC = "com.docker.network.bridge.enable_icc";

const Strings = z.record(z.string(), z.string()).nullish();
const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  Labels: Strings,
  Options: Strings,
  Containers: z.record(z.string(), z.unknown()).nullish(),
  IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().optional() })).nullish() }),
});
type Inspected = z.infer<typeof Inspected>;

export function network(engine: Engine, name: string, signal: AbortSignal): Promise<NetworkState | undefined> {
  return engine.within(signal, async (ask) => {
    const found = await inspectNetwork(engine, ask, name);
    return found === undefined ? undefined : stateOf(found, engine.instance);
  });
}

/** The engine takes the beginning of an id for a name too; we do not. */
async function inspectNetwork(engine: Engine, ask: Ask, name: string): Promise<Inspected | undefined> {
  const call: Call = { operation: "network inspect", subject: name, write: false };
  const handle: { inspect(options: object): Promise<unknown> } = engine.docker.getNetwork(inPath(name, call));
  const found = await orAbsent(
    ask(call, async (abortSignal) => Inspected.parse(await handle.inspect({ abortSignal }))),
  );
  return found?.Name === name ? found : undefined;
}

function stateOf(found: Inspected, instance: string): NetworkState {
  const gateways = (found.IPAM.Config ?? []).map((config) => config.Gateway ?? "");
  return {
    id: found.Id,
    name: found.Name,
    owned: found.Labels?.[LABEL.instance] === instance,
    gateway: gateways.find((gateway) => /^[\d.]+$/.test(gateway)) ?? "",
    isolated: found.Options?.[ICC] === "false",
    containers: Object.keys(found.Containers ?? {}).length,
  };
}

export function createNetwork(engine: Engine, spec: NetworkSpec, signal: AbortSignal): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "network create", subject: spec.name, write: true };
    if ((await ownNetwork(engine, ask, spec.name, call)) !== undefined) return;
    const body = { Name: spec.name, CheckDuplicate: true, Driver: "bridge", Labels: { ...spec.labels } };
    const options = { ...body, Options: { [ICC]: "false" } };
    await ask(call, (abortSignal) => engine.docker.createNetwork({ ...options, abortSignal }));
  });
}

export function removeNetwork(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "network rm", subject: name, write: true };
    const found = await ownNetwork(engine, ask, name, call);
    if (found === undefined) return;
    const handle = engine.docker.getNetwork(found.Id);
    await orAbsent(ask(call, (abortSignal) => handle.remove({ abortSignal })));
  });
}

async function ownNetwork(engine: Engine, ask: Ask, name: string, call: Call): Promise<Inspected | undefined> {
  const found = await inspectNetwork(engine, ask, name);
  if (found === undefined || found.Labels?.[LABEL.instance] === engine.instance) return found;
  const message = `there is a network of that name without the mark ${LABEL.instance}=${engine.instance}: rename it or choose another name`;
  throw refusal("conflict", call, message, "never");
}
