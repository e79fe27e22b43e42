/** What the control socket serves: all reads, and what changes something. */
import type { Hono } from "hono";
import { addReads, guarded, refuse } from "./read-app.ts";
import type { ControlSide, ReadSide, StopResult } from "./read-side.ts";

/** Who may connect to the socket (its owner alone, mode 0600) may do all of this. */
export function controlApp(read: ReadSide, control: ControlSide, onError: (error: unknown) => void): Hono {
  const app = guarded({ onError });
  addReads(app, read);
  app.post("/v1/jobs/:id/stop", async (context) => {
    const result = await control.stopJob(context.req.param("id"));
    const status = STATUS[result.outcome];
    return status === 202 ? context.json(result, status) : refuse(context, status, result.message);
  });
  return app;
}

const STATUS = { stopping: 202, unknown: 404, refused: 409 } as const satisfies Record<StopResult["outcome"], number>;
