/** Carrying out steps: the one table from a step to the calls it makes. Nothing is believed because a call returned. */
import type { ContainerSpec } from "../model/container.ts";
import type { Millis } from "../model/job.ts";
import { Secret } from "../model/secret.ts";
import { CALL_LIMIT } from "../model/settings.ts";
import { SECRET_PLACE, type PrivateFile, type Step } from "../model/step.ts";
import { PortFailure } from "../ports/failure.ts";
import type { Mesh } from "../ports/mesh.ts";
import type { FileSpec, Runtime } from "../ports/runtime.ts";
import type { Clock } from "../ports/time.ts";

export interface Tools {
  readonly runtime: Runtime;
  readonly mesh: Mesh;
  readonly clock: Clock;
}

type Apply<K extends Step["kind"]> = (
  step: Extract<Step, { kind: K }>,
  tools: Tools,
  signal: AbortSignal,
) => Promise<void>;

const APPLY: { readonly [K in Step["kind"]]: Apply<K> } = {
  "create-network": ({ spec }, { runtime }, signal) => runtime.createNetwork(spec, signal),
  "pull-image": ({ image }, { runtime }, signal) => runtime.pullImage(image, signal),
  "create-namespace": async ({ spec }, { runtime }, signal) => {
    await runtime.createContainer(spec, signal);
    await startOrLetGo(runtime, spec.name, signal);
  },
  "start-namespace": ({ container }, { runtime }, signal) => startOrLetGo(runtime, container, signal),
  "mint-token": async ({ token }, tools, signal) => {
    await tools.mesh.mintToken(token, signal);
    await untilUsable(tools, token.accessor, signal);
  },
  "delete-token": ({ accessor }, { mesh }, signal) => mesh.deleteToken(accessor, signal),
  register: async ({ service, accessor }, { mesh }, signal) => {
    const secret = accessor === undefined ? undefined : await secretOf(mesh, accessor, signal);
    await mesh.register(service, secret, signal);
  },
  deregister: ({ id }, { mesh }, signal) => mesh.deregister(id, signal),
  "cure-zombie": async ({ id, name, meta }, { mesh }, signal) => {
    const bare = { id, name, tags: [], meta, address: "", port: 0, enableTagOverride: false, checks: [] };
    await mesh.register(bare, undefined, signal);
    await mesh.deregister(id, signal);
  },
  "enable-maintenance": ({ id, reason }, { mesh }, signal) => mesh.enableMaintenance(id, reason, signal),
  "hold-intention": ({ pair, owners }, { mesh }, signal) => mesh.holdIntention(pair, owners, signal),
  "run-member": async ({ spec, infra, files }, tools, signal) => {
    await tools.runtime.createContainer(spec, signal);
    await putPrivate(tools, infra, files, signal);
    await tools.runtime.startContainer(spec.name, signal);
  },
  "start-member": async ({ container, infra, files }, tools, signal) => {
    await putPrivate(tools, infra, files, signal);
    await tools.runtime.startContainer(container, signal);
  },
  "run-relay": ({ spec }, { runtime }, signal) => createAndStart(runtime, spec, signal),
  "run-probe": ({ spec }, { runtime }, signal) => createAndStart(runtime, spec, signal),
  signal: (step, { runtime }, signal) => runtime.signalContainer(step.container, step.signal, signal),
  "remove-container": ({ container }, { runtime }, signal) => runtime.removeContainer(container, signal),
  "remove-volume": ({ name }, { runtime }, signal) => runtime.removeVolume(name, signal),
};

/** Throws PortFailure only. */
export function applyStep(step: Step, tools: Tools, signal: AbortSignal): Promise<void> {
  const apply = APPLY[step.kind] as (step: Step, tools: Tools, signal: AbortSignal) => Promise<void>;
  return apply(step, tools, signal);
}

/** Steps that change nothing which a later one relies on having read: they need no new look. */
export function isPull(step: Step): step is Extract<Step, { kind: "pull-image" }> {
  return step.kind === "pull-image";
}

async function createAndStart(runtime: Runtime, spec: ContainerSpec, signal: AbortSignal): Promise<void> {
  await runtime.createContainer(spec, signal);
  await runtime.startContainer(spec.name, signal);
}

/** A namespace whose port was taken meanwhile is let go, so that the next turn picks other ports. */
async function startOrLetGo(runtime: Runtime, container: string, signal: AbortSignal): Promise<void> {
  try {
    await runtime.startContainer(container, signal);
  } catch (error) {
    if (error instanceof PortFailure && error.code === "port-taken") await runtime.removeContainer(container, signal);
    throw error;
  }
}

/**
 * Before the first use: an agent of Consul < 1.13 that is asked too early remembers for 30 s that it did not know the token.
 * The namespace is being made meanwhile, so the wait costs nothing.
 */
const FIRST_ASK: Millis = 100;

async function untilUsable({ mesh, clock }: Tools, accessor: string, signal: AbortSignal): Promise<void> {
  const secret = await secretOf(mesh, accessor, signal);
  const until = clock.now() + CALL_LIMIT;
  for (let pause = FIRST_ASK; ; pause *= 2) {
    await clock.sleep(pause, signal);
    if (await mesh.canUse(secret, signal)) return;
    if (clock.now() + 2 * pause > until) throw notUsable(accessor);
  }
}

function notUsable(accessor: string): PortFailure {
  return new PortFailure({
    code: "forbidden",
    call: `consul: use token ${accessor}`,
    message: "the agent does not know the new token yet; Remora tries again",
    effect: "none",
    retry: "backoff",
  });
}

async function secretOf(mesh: Mesh, accessor: string, signal: AbortSignal): Promise<Secret> {
  const secret = await mesh.readSecret(accessor, signal);
  if (secret !== undefined) return secret;
  throw new PortFailure({
    code: "not-found",
    call: `consul: read token ${accessor}`,
    message: "the token is gone; Remora mints a new one",
    effect: "none",
    retry: "backoff",
  });
}

async function putPrivate(
  { runtime, mesh }: Tools,
  infra: string,
  files: readonly PrivateFile[],
  signal: AbortSignal,
): Promise<void> {
  for (const { directory, name, text, accessor, uid } of files) {
    const secret = accessor === undefined ? undefined : await secretOf(mesh, accessor, signal);
    const content = secret === undefined ? text : new Secret(text.replaceAll(SECRET_PLACE, () => secret.reveal()));
    const file: FileSpec = { name, content, mode: 0o400, uid };
    await runtime.putFiles(infra, directory, [file], signal);
  }
}
