/** Hands and eyes of the mesh's contract: act, look, and wait until it is so. */
import { expect, vi } from "vitest";
import type { Intention, Pair } from "../../src/model/intention.ts";
import type { Registration, ServiceSpec, TokenSpec } from "../../src/model/registration.ts";
import type { Secret } from "../../src/model/secret.ts";
import { PortFailure } from "../../src/ports/failure.ts";
import type { Mesh } from "../../src/ports/mesh.ts";

/** A Consul, and other hands in it than Remora's. */
export interface MeshWorld {
  /** The port as a controller of that instance and node has it. `unknown` and `powerless` are about the controller's own token. */
  mesh(instance: string, node: string, own?: "good" | "unknown" | "powerless"): Mesh;
  /** The port on a Consul without ACLs. */
  meshWithoutAcls(instance: string, node: string): Mesh;
  /** `host:port` at which something accepts TCP. */
  readonly listening: string;
  deregisterBehindBack(id: string): Promise<void>;
  deleteTokenBehindBack(accessor: string): Promise<void>;
  addForeignService(spec: ServiceSpec): Promise<void>;
  /** A token that says nothing of Remora. */
  addForeignToken(accessor: string): Promise<void>;
  /** Somebody decides on a pair, without a word of Remora; where it is there already, only its action changes. */
  decideIntention(pair: Pair, action: "allow" | "deny"): Promise<void>;
  removeIntention(pair: Pair): Promise<void>;
  /** Consul goes away and comes back with what it knew. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** For calls that nobody gives up. */
export const never = new AbortController().signal;

const EVENTUALLY = { timeout: 5_000, interval: 10 };

export function eventually<T>(look: () => Promise<T>): Promise<T> {
  return vi.waitFor(look, EVENTUALLY);
}

/** What a call throws; fails the test when that is no PortFailure. */
export async function failure(act: Promise<unknown>): Promise<PortFailure> {
  const thrown = await act.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(PortFailure);
  return thrown as PortFailure;
}

export async function only(mesh: Mesh, id: string): Promise<Registration | undefined> {
  return (await mesh.registrations.list(never)).find((each) => each.id === id);
}

export async function intentionOf(mesh: Mesh, { source, destination }: Pair): Promise<Intention | undefined> {
  const all = await mesh.intentions.list(never);
  return all.find((each) => each.source === source && each.destination === destination);
}

/** Waits until agent and catalog know it. */
export async function inCatalog(mesh: Mesh, id: string): Promise<Registration> {
  return eventually(async () => {
    const found = await only(mesh, id);
    expect(found).toMatchObject({ inAgent: true, inCatalog: true });
    return found as Registration;
  });
}

export async function mintAndRead(mesh: Mesh, spec: TokenSpec): Promise<Secret> {
  await mesh.mintToken(spec, never);
  const secret = await mesh.readSecret(spec.accessor, never);
  if (secret === undefined) throw new Error(`token ${spec.accessor} was minted and cannot be read back`);
  return secret;
}

/** Counts hints of a source until stopped. */
export function listen(changes: (signal: AbortSignal) => AsyncIterable<void>): {
  readonly times: number[];
  readonly ended: Promise<void>;
  readonly stop: () => void;
} {
  const stop = new AbortController();
  const times: number[] = [];
  const run = async (): Promise<void> => {
    for await (const _ of changes(stop.signal)) times.push(performance.now());
  };
  return { times, ended: run(), stop: () => stop.abort() };
}

/** Does one thing after another; each must bring at least one more hint. */
export async function eachIsHinted(
  hints: { readonly times: readonly number[] },
  acts: readonly (() => Promise<unknown>)[],
): Promise<void> {
  for (const act of acts) {
    const before = hints.times.length;
    await act();
    await eventually(async () => expect(hints.times.length).toBeGreaterThan(before));
  }
}
