/** Looks at a sidecar from outside: is it ready, and what does it show a client without a certificate in the TLS handshake? */
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { Millis } from "../model/job.ts";
import type { Prober, SidecarProbe } from "../ports/prober.ts";

/** A proxy that is ready shows its certificate within milliseconds. */
const LIMIT: Millis = 1_000;

export function tlsProber(): Prober {
  return { sidecar: (probe, signal) => look(probe, signal) };
}

/** What the handshake showed, or why there was none. */
type Sight = { readonly uris: readonly string[] } | { readonly problem: string };

async function look(probe: SidecarProbe, signal: AbortSignal): Promise<string | undefined> {
  const where = `${probe.address}:${probe.port}`;
  const unready = probe.readyPort === undefined ? undefined : await notReady(probe.readyPort, signal);
  if (unready !== undefined) return `the sidecar of ${probe.service} ${unready}`;
  const sight = await handshake(probe, signal);
  if ("problem" in sight) return `the sidecar of ${probe.service} at ${where} ${sight.problem}`;
  if (sight.uris.some((uri) => isIdentityOf(uri, probe.service))) return undefined;
  const shown = sight.uris.length === 0 ? "a certificate without a SPIFFE id" : sight.uris.join(", ");
  return `${where} shows ${shown} instead of the identity of ${probe.service}: something else listens there`;
}

/** Envoy answers 503 with its state until it has its configuration (`GET /ready`); undefined = it is ready. */
async function notReady(port: number, signal: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.timeout(LIMIT);
  try {
    const { status, body } = await ask(port, AbortSignal.any([signal, limit]));
    const state = body.trim().slice(0, 40);
    return status === 200 ? undefined : `is not ready yet (${state === "" ? status : state})`;
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    // In the middle of an answer either of the two looks like a connection that was reset.
    const ended = limit.aborted ? "TimeoutError" : signal.aborted ? "AbortError" : undefined;
    return `does not say whether it is ready (${ended ?? code ?? name})`;
  }
}

/** Not by `fetch`, which refuses ports that stand for other protocols in a browser, such as 6667 and 10080: any may be reserved. */
function ask(port: number, signal: AbortSignal): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path: "/ready", agent: false, signal }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    });
    request.on("error", reject);
  });
}

/** Consul's ids end in `/svc/<service>` (`spiffe://<trust domain>/[ap/<partition>/]ns/<namespace>/dc/<datacenter>/svc/<service>`). */
function isIdentityOf(uri: string, service: string): boolean {
  return uri.startsWith("spiffe://") && uri.endsWith(`/svc/${service}`);
}

function handshake({ address, port }: SidecarProbe, signal: AbortSignal): Promise<Sight> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, rejectUnauthorized: false });
    const end = (sight: Sight): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      socket.destroy();
      resolve(sight);
    };
    const giveUp = (): void => end({ problem: "was not looked at to the end: given up" });
    const timer = setTimeout(() => end({ problem: `shows no certificate within ${LIMIT} ms` }), LIMIT);
    // With TLS 1.3 the handshake is over before the server misses our certificate; with 1.2 it refuses us, but only after it has shown its own.
    socket.once("secureConnect", () => end({ uris: urisOf(socket) ?? [] }));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      const uris = urisOf(socket);
      end(uris === undefined ? { problem: problemOf(error) } : { uris });
    });
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
  });
}

/** The URIs of the certificate shown; undefined if none was. */
function urisOf(socket: TLSSocket): readonly string[] | undefined {
  // Empty or null, whatever the types say, as long as no certificate has come.
  const shown = socket.getPeerCertificate() as { readonly raw?: Buffer; readonly subjectaltname?: string } | null;
  if (shown?.raw === undefined) return undefined;
  const names = (shown.subjectaltname ?? "").split(", ").filter((name) => name.startsWith("URI:"));
  return names.map((name) => name.slice("URI:".length));
}

function problemOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") return "is not listening";
  if (error.code === "ECONNRESET") return "closes the connection before it shows a certificate";
  if (error.code?.startsWith("ERR_SSL") === true) return "does not speak TLS";
  return `cannot be reached (${error.code ?? error.message})`;
}
