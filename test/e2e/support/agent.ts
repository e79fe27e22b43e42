/** The real agent as a process: started, killed, ended and asked, as an operator would. */
import { readFile } from "node:fs/promises";
import type { AgentStatus, AllocStatus, GroupStatus } from "../../../src/model/status.ts";
import { endProcess, isAlive, processId } from "../../rig/processes.ts";
import type { ProcessId } from "../../rig/processes.ts";
import { lastLines, startBound } from "../../rig/shell.ts";
import { until } from "../../rig/wait.ts";
import { program } from "./program.ts";

export interface AgentOptions {
  /** Flags after `agent`; `--http-addr` is added. */
  readonly flags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly httpPort: number;
  readonly log: string;
  /** What the program is run through, e.g. setpriv with its arguments. */
  readonly through?: readonly string[];
}

/** One line of the agent's log. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly event: string;
  readonly msg: string;
  readonly step?: string;
  readonly subject?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export class Agent {
  readonly #options: AgentOptions;
  #process: ProcessId | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** `host:port` of its HTTP side. */
  get address(): string {
    return `127.0.0.1:${this.#options.httpPort}`;
  }

  get pid(): number {
    if (this.#process === undefined) throw new Error("the agent does not run");
    return this.#process.pid;
  }

  /** Starts the program and waits for no more than that. */
  async spawn(): Promise<void> {
    const { flags, env, log, through = [] } = this.#options;
    const [file = "", ...args] = [...through, ...program];
    const command = [...args, "agent", "--http-addr", this.address, ...flags];
    this.#process = await processId(await startBound(file, command, { log, env }));
  }

  /** Starts the program; resolves when it answers. */
  async start(): Promise<void> {
    await this.spawn();
    await until(() => this.#answersOrEnded(), { what: "the agent to answer" });
    if (!(await this.#isAlive())) throw new Error(`the agent ended at once: ${lastLines(await this.logText())}`);
  }

  /** `kill -9`; resolves when it has gone. */
  async kill(): Promise<void> {
    await this.#end(0);
  }

  /** SIGTERM; resolves when it has gone, and fails when it has to be killed. */
  async stop(): Promise<void> {
    await this.#end(10_000);
  }

  async status(): Promise<AgentStatus> {
    return JSON.parse(await this.get("/v1/status")) as AgentStatus;
  }

  async groups(job: string): Promise<readonly GroupStatus[]> {
    return (await this.status()).jobs.filter(({ id }) => id === job).flatMap(({ groups }) => groups);
  }

  async group(job: string, name: string): Promise<GroupStatus> {
    const found = (await this.groups(job)).find(({ group }) => group === name);
    if (found === undefined) throw new Error(`the status shows no group ${job}/${name}`);
    return found;
  }

  /** The only allocation of a group. */
  async alloc(job: string, name: string): Promise<AllocStatus> {
    const { allocs } = await this.group(job, name);
    const [alloc] = allocs;
    if (alloc === undefined || allocs.length > 1) throw new Error(`${job}/${name} has ${allocs.length} allocations`);
    return alloc;
  }

  metrics(): Promise<string> {
    return this.get("/metrics");
  }

  /** Sum of all series of a metric whose labels hold all of `labels`, written as `name="value"`. */
  async metric(name: string, ...labels: readonly string[]): Promise<number> {
    const series = (await this.metrics()).split("\n").filter((line) => line.startsWith(`${name}{`));
    const wanted = series.filter((line) => labels.every((label) => line.includes(label)));
    return wanted.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  async get(path: string): Promise<string> {
    const answer = await fetch(`http://${this.address}${path}`, {
      signal: AbortSignal.timeout(5_000),
      headers: { Connection: "close" },
    });
    return answer.text();
  }

  logText(): Promise<string> {
    return readFile(this.#options.log, "utf8");
  }

  async log(): Promise<readonly LogLine[]> {
    const lines = (await this.logText()).split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  async #end(patienceMs: number): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined) return;
    const began = performance.now();
    await endProcess(running, patienceMs);
    if (patienceMs > 0 && performance.now() - began >= patienceMs) throw new Error("the agent had to be killed");
  }

  async #answersOrEnded(): Promise<boolean> {
    return !(await this.#isAlive()) || (await this.get("/healthz")) === "ok\n";
  }

  async #isAlive(): Promise<boolean> {
    return this.#process !== undefined && isAlive(this.#process);
  }
}
