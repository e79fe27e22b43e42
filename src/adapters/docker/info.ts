/** What the engine says of itself. */
import { z } from "zod";
import type { EngineInfo } from "../../ports/runtime.ts";
import type { Engine } from "./engine.ts";

/** Engines of late leave out whether bridged traffic is filtered. */
const Info = z.object({ Name: z.string(), ServerVersion: z.string(), BridgeNfIptables: z.boolean().optional() });
const Version = z.object({ ApiVersion: z.string() });

type Asker = Readonly<Record<"info" | "version", (options: object) => Promise<unknown>>>;

export function info(engine: Engine, signal: AbortSignal): Promise<EngineInfo> {
  const docker: Asker = engine.docker;
  return engine.within(signal, async (ask) => {
    const found = await ask({ operation: "info", subject: "", write: false }, async (abortSignal) =>
      Info.parse(await docker.info({ abortSignal })),
    );
    const { ApiVersion } = await ask({ operation: "version", subject: "", write: false }, async (abortSignal) =>
      Version.parse(await docker.version({ abortSignal })),
    );
    const { Name: name, ServerVersion: version, BridgeNfIptables: filtersBridges } = found;
    return { name, version, apiVersion: ApiVersion, ...(filtersBridges === undefined ? {} : { filtersBridges }) };
  });
}
