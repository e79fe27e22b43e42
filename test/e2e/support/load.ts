/** Load through the mesh: a new connection every so often to a sidecar's upstream, from inside its namespace. */
import type Docker from "dockerode";
import { removeContainer } from "../../rig/docker.ts";
import { until } from "../../rig/wait.ts";

const reportEvery = 25;

/** Runs in a container: tells how many requests were answered, and every failure at once. Ends on SIGTERM. */
const script = `
const http = require("node:http");
let answered = 0, waiting = 0, stopping = false;
const say = (line) => process.stdout.write(JSON.stringify(line) + "\\n");
const failed = (why) => { waiting -= 1; say({ failed: why, at: new Date().toISOString() }); };
const ask = () => {
  waiting += 1;
  let done = false;
  const once = (then) => { if (!done) { done = true; then(); } };
  const request = http.get({ host: "127.0.0.1", port: Number(process.argv[1]), agent: false, timeout: 15000 }, (answer) => {
    answer.resume();
    answer.once("error", (error) => once(() => failed(error.message)));
    answer.once("end", () => once(() => {
      if (answer.statusCode !== 200) return failed("status " + answer.statusCode);
      waiting -= 1; answered += 1;
      if (answered % ${reportEvery} === 0) say({ answered });
    }));
  });
  request.once("timeout", () => request.destroy(new Error("no answer within 15 s")));
  request.once("error", (error) => once(() => failed(error.code + " " + error.message)));
};
const timer = setInterval(() => {
  if (!stopping) return ask();
  if (waiting > 0) return;
  clearInterval(timer);
  say({ answered, ended: true });
}, Number(process.argv[2]));
process.once("SIGTERM", () => (stopping = true));
`;

export interface Report {
  readonly answered: number;
  /** Why, and when, for each request that failed. */
  readonly failures: readonly string[];
}

export interface Load {
  readonly report: () => Promise<Report>;
  /** Resolves when so many more requests have been answered. */
  readonly more: (requests: number) => Promise<void>;
  /** Lets the requests in flight end and tells the whole result. */
  readonly stop: () => Promise<Report>;
}

/** Starts the load on `127.0.0.1:port` in the namespace of a container; resolves when the first requests were answered. */
export async function startLoad(
  docker: Docker,
  image: string,
  namespace: string,
  port: number,
  everyMs = 20,
): Promise<Load> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ["node", "-e", script, String(port), String(everyMs)],
    HostConfig: { NetworkMode: `container:${namespace}`, LogConfig: { Type: "json-file", Config: {} } },
  });
  await container.start();
  const lines = async (): Promise<readonly Line[]> => linesOf(await container.logs({ stdout: true, stderr: true }));
  const report = async (): Promise<Report> => reportOf(await lines());
  const more = async (requests: number): Promise<void> => {
    const wanted = (await report()).answered + requests;
    await until(async () => (await report()).answered >= wanted, { what: `${requests} more answers through the mesh` });
  };
  const stop = async (): Promise<Report> => {
    await container.kill({ signal: "SIGTERM" });
    const ended = async (): Promise<boolean> => (await lines()).some((line) => line.ended === true);
    await until(ended, { what: "the last requests to end" });
    const whole = await report();
    await removeContainer(docker, container.id);
    return whole;
  };
  await more(reportEvery);
  return { report, more, stop };
}

interface Line {
  readonly answered?: number;
  readonly failed?: string;
  readonly at?: string;
  readonly ended?: boolean;
}

/** The engine puts 8 bytes before every piece of output, which no JSON begins with. */
function linesOf(log: Buffer): readonly Line[] {
  const lines = log.toString("latin1").split("\n");
  return lines.flatMap((line) => (line.includes("{") ? [JSON.parse(line.slice(line.indexOf("{"))) as Line] : []));
}

function reportOf(lines: readonly Line[]): Report {
  return {
    answered: Math.max(0, ...lines.map(({ answered = 0 }) => answered)),
    failures: lines.flatMap(({ failed, at }) => (failed === undefined ? [] : [`${at} ${failed}`])),
  };
}
