/** Looking at what the stores do not hold: images, listeners inside namespaces, sidecars from outside. */
import { PortFailure } from "../ports/failure.ts";
import type { Prober } from "../ports/prober.ts";
import type { Runtime } from "../ports/runtime.ts";
import { couldLook, LISTENING_COMMAND, listeningPorts } from "../reconcilers/listening.ts";
import type { AllocProbe } from "../reconcilers/view.ts";
import type { AllocLookup, Lookups } from "./lookups.ts";
import type { Pulls } from "./pulls.ts";

export interface Seen {
  readonly probes: ReadonlyMap<string, AllocProbe>;
  readonly missingImages: ReadonlyMap<string, string>;
}

/** Throws PortFailure if Docker could not be asked about images; a namespace that cannot be looked into is merely not ready. */
export async function look(
  { images, allocs }: Lookups,
  { runtime, prober, pulls }: { readonly runtime: Runtime; readonly prober: Prober; readonly pulls: Pulls },
  signal: AbortSignal,
): Promise<Seen> {
  const [present, probes] = await Promise.all([
    Promise.all(images.map(async (image) => ({ image, here: await runtime.hasImage(image, signal) }))),
    Promise.all(allocs.map(async (lookup) => [lookup.alloc, await probe(lookup, runtime, prober, signal)] as const)),
  ]);
  const missing = present.filter(({ here }) => !here).map(({ image }) => [image, pulls.describe(image)] as const);
  return { probes: new Map(probes), missingImages: new Map(missing) };
}

async function probe(
  { infra, sidecars }: AllocLookup,
  runtime: Runtime,
  prober: Prober,
  signal: AbortSignal,
): Promise<AllocProbe> {
  const listening = await readListening(infra, runtime, signal);
  const due = sidecars.filter(({ appPort }) => appPort === 0 || listening?.has(appPort) === true);
  const seen = await Promise.all(
    due.map(async ({ probe: sidecar }) => [sidecar.service, await prober.sidecar(sidecar, signal)] as const),
  );
  return { sidecars: new Map(seen), ...(listening === undefined ? {} : { listening }) };
}

async function readListening(
  infra: string,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<ReadonlySet<number> | undefined> {
  try {
    const { exitCode, stdout } = await runtime.exec(infra, LISTENING_COMMAND, signal);
    return couldLook(exitCode) ? listeningPorts(stdout) : undefined;
  } catch (error) {
    if (error instanceof PortFailure) return undefined;
    throw error;
  }
}
