/** One container as the engine describes it, checked, and whether it is this instance's to touch. */
import { z } from "zod";
import { LABEL } from "../../model/labels.ts";
import type { Ask, Engine } from "./engine.ts";
import { orAbsent, refusal } from "./errors.ts";
import type { Call } from "./errors.ts";
import { inPath } from "./names.ts";

const Labels = z.record(z.string(), z.string()).nullish();

/** The part of `GET /containers/{id}/json` that is used. */
const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string(),
  State: z.object({
    Status: z.enum(["created", "running", "paused", "restarting", "removing", "exited", "dead"]),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    StartedAt: z.string(),
    FinishedAt: z.string(),
  }),
  Config: z.object({ Image: z.string(), Labels, StopSignal: z.string().optional() }),
  HostConfig: z.object({ NetworkMode: z.string() }),
});
export type Inspected = z.infer<typeof Inspected>;

/** By name or id; undefined if there is none. */
export async function inspect(engine: Engine, ask: Ask, container: string): Promise<Inspected | undefined> {
  const call: Call = { operation: "container inspect", subject: container, write: false };
  const handle = engine.docker.getContainer(inPath(container, call));
  return orAbsent(ask(call, async (abortSignal) => Inspected.parse(await handle.inspect({ abortSignal }))));
}

/** The same for a container about to be touched by `call`: fails with `conflict` unless it carries this instance's mark. */
export async function inspectOwn(
  engine: Engine,
  ask: Ask,
  container: string,
  call: Call,
): Promise<Inspected | undefined> {
  const found = await inspect(engine, ask, container);
  if (found === undefined || found.Config.Labels?.[LABEL.instance] === engine.instance) return found;
  const message = `the container is not marked ${LABEL.instance}=${engine.instance}, so it is left alone`;
  throw refusal("conflict", call, message, "never");
}

/** The same for a call that needs the container to be there: `not-found` if it is not. */
export async function requireOwn(engine: Engine, ask: Ask, container: string, call: Call): Promise<Inspected> {
  const found = await inspectOwn(engine, ask, container, call);
  if (found === undefined) throw refusal("not-found", call, `No such container: ${container}`);
  return found;
}
