/** All that an instance owns: its containers one by one, and its volumes. */
import { z } from "zod";
import type { Container, Volume } from "../../model/container.ts";
import { LABEL, refOf, roleOf } from "../../model/labels.ts";
import { CALL_LIMIT } from "../../model/settings.ts";
import type { RuntimeReading } from "../../ports/runtime.ts";
import { mapLimited } from "../concurrency.ts";
import type { Ask, Engine } from "./engine.ts";
import { inspect } from "./inspect.ts";
import type { Inspected } from "./inspect.ts";

/** How many containers are looked at side by side: one takes half a millisecond. */
const INSPECTIONS = 8;

export function list(engine: Engine, signal: AbortSignal): Promise<RuntimeReading> {
  return engine.within(signal, async (ask) => {
    const [containers, volumes] = await Promise.all([listContainers(engine, ask), listVolumes(engine, ask)]);
    return { containers, volumes };
  });
}

const Ids = z.array(z.looseObject({ Id: z.string() }));

/** What `GET /containers/json` shows of a container that never started. */
const Created = z.object({
  Id: z.string(),
  Names: z.tuple([z.string()]),
  /** The reference it was made from, or an id if that names another image by now. */
  Image: z.string().regex(/^(?!sha256:)/),
  /** Seconds, rounded down. */
  Created: z.number(),
  State: z.literal("created"),
  Labels: z.record(z.string(), z.string()),
  HostConfig: z.object({ NetworkMode: z.string() }),
});

async function listContainers(engine: Engine, ask: Ask): Promise<readonly Container[]> {
  const filters = ownFilter(engine);
  const listed = await ask({ operation: "container ls", subject: "", write: false }, async (abortSignal) =>
    Ids.parse(await engine.docker.listContainers({ all: true, filters, abortSignal })),
  );
  const containers = await mapLimited(listed, INSPECTIONS, async (one) => {
    const found = newborn(one, engine) ?? (await inspect(engine, ask, one.Id));
    return found === undefined ? undefined : containerOf(found);
  });
  return containers.filter((container) => container !== undefined);
}

/**
 * A container that never started, as the listing alone shows it: the engine answers no question about one that is being
 * started, for a third of a second or more, and the listing of all others would wait with it. The second of its creation
 * will do unless it may be a call of the process before this one, for which the millisecond matters.
 */
export function newborn(listed: unknown, { since, clock }: Pick<Engine, "since" | "clock">): Inspected | undefined {
  const { data } = Created.safeParse(listed);
  if (data === undefined || data.Created * 1000 < since + CALL_LIMIT) return undefined;
  const created = Math.min(clock.now(), data.Created * 1000 + 999);
  return {
    Id: data.Id,
    Name: data.Names[0],
    Created: new Date(created).toISOString(),
    State: { Status: data.State, ExitCode: 0, OOMKilled: false, StartedAt: "", FinishedAt: "" },
    Config: { Image: data.Image, Labels: data.Labels },
    HostConfig: data.HostConfig,
  };
}

/** Undefined for what carries no role that this version knows. */
export function containerOf(found: Inspected): Container | undefined {
  const labels = found.Config.Labels ?? {};
  const role = roleOf(labels);
  if (role === undefined) return undefined;
  const ref = refOf(labels);
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ""),
    role,
    ...(ref !== undefined && { ref }),
    labels,
    image: found.Config.Image,
    state: found.State.Status,
    networkMode: found.HostConfig.NetworkMode,
    createdAt: Date.parse(found.Created),
    ...lifeOf(found.State),
    oomKilled: found.State.OOMKilled,
  };
}

/** The engine writes the year 1 for what has not happened yet, and an exit code whether or not it has ended. */
function lifeOf(state: Inspected["State"]): Pick<Container, "startedAt" | "finishedAt" | "exitCode"> {
  const startedAt = Date.parse(state.StartedAt);
  const finishedAt = Date.parse(state.FinishedAt);
  const ended = finishedAt > 0 && state.Status !== "running" && state.Status !== "paused";
  return {
    ...(startedAt > 0 && { startedAt }),
    ...(finishedAt > 0 && { finishedAt }),
    ...(ended && { exitCode: state.ExitCode }),
  };
}

const Volumes = z.object({
  Volumes: z
    .array(
      z.object({
        Name: z.string(),
        CreatedAt: z.string().optional(),
        Labels: z.record(z.string(), z.string()).nullish(),
      }),
    )
    .nullish(),
});

async function listVolumes(engine: Engine, ask: Ask): Promise<readonly Volume[]> {
  const filters = ownFilter(engine);
  const answer = await ask({ operation: "volume ls", subject: "", write: false }, async (abortSignal) =>
    Volumes.parse(await engine.docker.listVolumes({ filters, abortSignal })),
  );
  return (answer.Volumes ?? []).map((volume) => {
    const labels = volume.Labels ?? {};
    const ref = refOf(labels);
    // Whole seconds, rounded down by the engine.
    const createdAt = Date.parse(volume.CreatedAt ?? "") || 0;
    return { name: volume.Name, ...(ref !== undefined && { ref }), labels, createdAt };
  });
}

/** The filter that lets only this instance's objects through. */
export function ownFilter(engine: Engine): { label: string[] } {
  return { label: [`${LABEL.instance}=${engine.instance}`] };
}
