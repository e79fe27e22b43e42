/** The read side over HTTP: health, metrics, and the status as JSON. */
import { Hono } from "hono";
import type { Context } from "hono";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { AgentStatus, AllocStatus } from "../model/status.ts";
import { isAllowedHost } from "./hosts.ts";
import { overview } from "./overview.ts";
import type { ReadSide } from "./read-side.ts";

export interface ReadAppOptions {
  /** Host names that are answered besides IP addresses and loopback names; undefined = any (a unix socket has none). */
  readonly hosts?: readonly string[];
  /** Told of an error that a request caused; the answer itself says nothing about it. */
  readonly onError: (error: unknown) => void;
}

/** An allocation with the names of what it belongs to. */
export type ListedAllocation = AllocStatus & { readonly job: string; readonly group: string };

/** GET and HEAD only: nothing here changes anything. No line of a job file leaves this host, for it may hold a secret. */
export function readApp(read: ReadSide, options: ReadAppOptions): Hono {
  const app = guarded(options);
  app.use(async (context, next) => {
    if (["GET", "HEAD"].includes(context.req.method)) return next();
    return refuse(context, 405, "only GET and HEAD are served here", { allow: "GET, HEAD" });
  });
  addReads(app, { ...read, status: () => withoutSnippets(read.status()) });
  return app;
}

function withoutSnippets(status: AgentStatus): AgentStatus {
  const files = status.files.map((file) => ({ ...file, diagnostics: file.diagnostics.map(withoutSnippet) }));
  return { ...status, files };
}

function withoutSnippet({ severity, file, line, column, summary, detail }: Diagnostic): Diagnostic {
  return { severity, file, line, column, summary, ...(detail === undefined ? {} : { detail }) };
}

/** An app that checks the host, marks every answer, and tells nobody how it failed inside. */
export function guarded({ hosts, onError }: ReadAppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const host = context.req.header("host");
    if (hosts !== undefined && !isAllowedHost(host, hosts))
      context.res = refuse(
        context,
        421,
        "this host name is not served: use an IP address, or allow the name with --http-allowed-hosts",
      );
    else await next();
    context.header("x-content-type-options", "nosniff");
    context.header("cache-control", "no-store");
    context.header("content-security-policy", "default-src 'none'");
  });
  app.notFound((context) => refuse(context, 404, "there is nothing at this path"));
  app.onError((error, context) => {
    onError(error);
    return refuse(context, 500, "Remora failed to answer; its log says more");
  });
  return app;
}

export function addReads(app: Hono, read: ReadSide): void {
  addProbes(app, read);
  app.get("/", (context) => context.text(overview(read.status())));
  app.get("/v1/status", (context) => context.json(read.status()));
  app.get("/v1/jobs", (context) => context.json(read.status().jobs));
  app.get("/v1/jobs/:id", (context) => {
    const job = read.status().jobs.find(({ id }) => id === context.req.param("id"));
    return job === undefined ? refuse(context, 404, "there is no such job here") : context.json(job);
  });
  app.get("/v1/allocations", (context) => context.json(allocationsOf(read.status())));
  app.get("/v1/allocations/:id", (context) => oneAllocation(context, read.status(), context.req.param("id")));
}

function addProbes(app: Hono, read: ReadSide): void {
  app.get("/healthz", (context) => (read.live() ? context.text("ok\n") : context.text("not alive\n", 503)));
  app.get("/readyz", (context) => {
    const failing = read.failing();
    if (failing.length === 0) return context.text("ok\n");
    return context.text(failing.map(({ name, message }) => `${name}: ${message}\n`).join(""), 503);
  });
  app.get("/metrics", async (context) => {
    const text = await read.metrics();
    return context.body(text, 200, { "content-type": read.metricsType });
  });
}

function allocationsOf(status: AgentStatus): readonly ListedAllocation[] {
  const groups = status.jobs.flatMap((job) => job.groups);
  return groups.flatMap(({ job, group, allocs }) => allocs.map((alloc) => ({ ...alloc, job, group })));
}

/** By id, or by a beginning of it that names only one, as the status prints it. */
function oneAllocation(context: Context, status: AgentStatus, id: string): Response {
  const all = allocationsOf(status);
  const exact = all.find((alloc) => alloc.id === id);
  const [first, ...more] = id.length < 4 ? [] : all.filter((alloc) => alloc.id.startsWith(id));
  if (exact === undefined && more.length > 0) return refuse(context, 404, "more than one allocation begins like this");
  const found = exact ?? first;
  return found === undefined ? refuse(context, 404, "there is no such allocation here") : context.json(found);
}

type RefusalStatus = 400 | 404 | 405 | 409 | 413 | 421 | 500;

export function refuse(
  context: Context,
  status: RefusalStatus,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return context.json({ error }, status, { ...headers });
}
