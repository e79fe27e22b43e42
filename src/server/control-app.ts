/** What the control socket serves: all reads, what changes something, and what shows values of job files. */
import type { Hono } from "hono";
import { readPlanRequest } from "./plan-request.ts";
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
  app.post("/v1/plan", async (context) => {
    const length = Number(context.req.header("content-length") ?? Number.NaN);
    if (!(length <= MAX_REQUEST_BYTES))
      return refuse(context, 413, "the request is too large, or does not say how large it is");
    const request = readPlanRequest(await context.req.text());
    if (request === undefined) return refuse(context, 400, "this is no request for a plan");
    const result = control.plan(request);
    return result.outcome === "planned" ? context.json(result.plan) : refuse(context, 409, result.message);
  });
  return app;
}

/** A directory full of the largest job files that are read. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

const STATUS = { stopping: 202, unknown: 404, refused: 409 } as const satisfies Record<StopResult["outcome"], number>;
