/** What there is to see while the demo converges, and the number it is all about. */
import { remoraAddress } from "./demo-remora.ts";
import type { JobStatus } from "../../src/model/status.ts";
import { say } from "./say.ts";
import { until } from "./wait.ts";

export const dashboardPort = 9002;

export interface Count {
  readonly count: number;
  readonly hostname: string;
}

/** Says what each group waits for, whenever that changes, until the dashboard has shown a count. */
export async function untilCounted(timeoutMs: number): Promise<Count> {
  const said = new Map<string, string>();
  const look = async (): Promise<Count | undefined> => {
    const settled = await sayChanges(said);
    return settled ? dashboardCount() : undefined;
  };
  return until(look, { what: "the count to come through both sidecars", timeoutMs, everyMs: 200 });
}

/** True when every group runs. */
async function sayChanges(said: Map<string, string>): Promise<boolean> {
  const answer = await fetch(`http://${remoraAddress}/v1/jobs`, { signal: AbortSignal.timeout(5000) });
  const jobs = (await answer.json()) as readonly JobStatus[];
  const groups = jobs.flatMap((job) => job.groups);
  for (const { job, group, state, reason } of groups) {
    const now = reason === "" ? state : `${state}: ${reason}`;
    if (said.get(`${job}/${group}`) !== now) say(`${job}/${group} ${now}`);
    said.set(`${job}/${group}`, now);
  }
  return groups.length > 0 && groups.every(({ state }) => state === "running");
}

/** The count as the dashboard's page gets it: over its socket. Undefined while count-api cannot be reached. */
async function dashboardCount(): Promise<Count | undefined> {
  const url = `ws://127.0.0.1:${dashboardPort}/socket.io/?EIO=3&transport=websocket`;
  const record = await firstMessage(new WebSocket(url), 5000);
  return record.count < 0 ? undefined : record;
}

/** The first "message" of a Socket.IO 2 stream: a frame `42["message",{…}]`, perhaps with a number after 42. */
function firstMessage(socket: WebSocket, timeoutMs: number): Promise<Count> {
  return new Promise<Count>((done, fail) => {
    const timer = setTimeout(() => fail(new Error("the dashboard's socket sent no count")), timeoutMs);
    socket.addEventListener("error", () => fail(new Error("the dashboard's socket cannot be opened")));
    socket.addEventListener("close", () => clearTimeout(timer));
    socket.addEventListener("message", ({ data }) => {
      const event = /^42\d*\["message",(.*)\]$/.exec(String(data));
      if (event !== null) done(JSON.parse(event[1] ?? "") as Count);
    });
  }).finally(() => socket.close());
}
