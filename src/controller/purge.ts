/** Removing everything an instance owns: its groups by the controller's own rules, then intentions, relay, volumes and network. */
import { agentOf, isOwnedBy } from "../model/intention.ts";
import { PortFailure } from "../ports/failure.ts";
import type { JobDirectory } from "../ports/files.ts";
import { Controller, type ControllerOptions } from "./controller.ts";

/** A directory in which no job is declared. */
const NOTHING: JobDirectory = {
  list: () => Promise.resolve({ ok: true, device: "", files: [] }),
  async *changes(signal) {
    yield;
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  },
};

const LOOK = 100;

/** Resolves when nothing is left, or rejects with a PortFailure of the last removals; ends early when aborted. */
export async function purgeInstance(
  options: Omit<ControllerOptions, "directory" | "purge">,
  signal: AbortSignal,
): Promise<void> {
  const controller = new Controller({ ...options, directory: NOTHING, purge: true });
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  const running = controller.run(stop.signal);
  while (!signal.aborted && !controller.isBare) await options.clock.sleep(LOOK, signal);
  stop.abort();
  await running;
  signal.removeEventListener("abort", onAbort);
  if (!signal.aborted) await leaveIntentions(options, signal);
  if (!signal.aborted) await removeGround(options, signal);
}

/** Takes this node's jobs out of every mark. A token without that right is told of: nobody has to have used intentions. */
async function leaveIntentions(
  { mesh, settings, observer }: Pick<ControllerOptions, "mesh" | "settings" | "observer">,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { datacenter, connectEnabled } = await mesh.info(signal);
    if (!connectEnabled) return;
    const agent = agentOf({ ...settings, datacenter });
    for (const { owners = [], source, destination } of await mesh.intentions.list(signal))
      if (owners.some((owner) => isOwnedBy(owner, agent)))
        await mesh.holdIntention({ source, destination }, [], signal);
  } catch (error) {
    if (!(error instanceof PortFailure) || error.code !== "forbidden") throw error;
    observer({ kind: "problem", message: `intentions that were made for this node stay: ${error.message}` });
  }
}

async function removeGround(
  { runtime, settings }: Pick<ControllerOptions, "runtime" | "settings">,
  signal: AbortSignal,
): Promise<void> {
  const { containers } = await runtime.list(signal);
  for (const { id } of containers) await runtime.removeContainer(id, signal);
  const { volumes } = await runtime.list(signal);
  for (const { name } of volumes) await runtime.removeVolume(name, signal);
  await runtime.removeNetwork(settings.network, signal);
}
