/** What the engine says of itself. */
import { z } from "zod";
import type { EngineInfo } from "../../ports/runtime.ts";
import type { Engine } from "./engine.ts";

const Info = z.object({ Name: z.string(), ServerVersion: z.string() });

export function info(engine: Engine, signal: AbortSignal): Promise<EngineInfo> {
  const docker: { info(options: object): Promise<unknown> } = engine.docker;
  return engine.within(signal, async (ask) => {
    const call = { operation: "info", subject: "", write: false };
    const found = await ask(call, async (abortSignal) => Info.parse(await docker.info({ abortSignal })));
    return { name: found.Name, version: found.ServerVersion };
  });
}
