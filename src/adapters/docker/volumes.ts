/** The end of a volume; its beginning is the container that mounts it. */
import { z } from "zod";
import { LABEL } from "../../model/labels.ts";
import type { Engine } from "./engine.ts";
import { orAbsent, refusal } from "./errors.ts";
import type { Call } from "./errors.ts";
import { inPath } from "./names.ts";

const Inspected = z.object({ Labels: z.record(z.string(), z.string()).nullish() });

export function removeVolume(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  return engine.within(signal, async (ask) => {
    const call: Call = { operation: "volume rm", subject: name, write: true };
    const handle = engine.docker.getVolume(inPath(name, call));
    const look: Call = { operation: "volume inspect", subject: name, write: false };
    const asked = ask(look, async (abortSignal) => Inspected.parse(await handle.inspect({ abortSignal })));
    const found = await orAbsent(asked);
    if (found === undefined) return;
    if (found.Labels?.[LABEL.instance] !== engine.instance) {
      const message = `the volume is not marked ${LABEL.instance}=${engine.instance}, so it is left alone`;
      throw refusal("conflict", call, message, "never");
    }
    await orAbsent(ask(call, (abortSignal) => handle.remove({ abortSignal })));
  });
}
