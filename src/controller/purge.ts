/** Removing everything an instance owns: its groups by the controller's own rules, then relay, volumes and network. */
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
  if (!signal.aborted) await removeGround(options, signal);
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
