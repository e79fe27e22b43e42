/** Runs the program with surroundings of its own, and keeps what it says. */
import { filesBeside } from "../../../src/adapters/files/beside.ts";
import { readHclFiles, readJobFiles } from "../../../src/adapters/files/once.ts";
import { rewriteFile } from "../../../src/adapters/files/rewrite.ts";
import type { AgentConfig } from "../../../src/cli/config.ts";
import type { Io } from "../../../src/cli/io.ts";
import { runProgram } from "../../../src/cli/program.ts";
import type { Actions } from "../../../src/cli/program.ts";
import type { GivenVariables } from "../../../src/jobspec/variables/given.ts";
import type { RelayConfig } from "../../../src/cli/relay.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the injected actions were called with. */
  readonly agents: readonly AgentConfig[];
  readonly purges: readonly AgentConfig[];
  readonly relays: readonly RelayConfig[];
  /** The values of variables that each agent was given. */
  readonly variables: readonly GivenVariables[];
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** The answer of the person at the terminal; absent = no terminal. */
  readonly answer?: string;
  /** What stands in the standard input. */
  readonly input?: string;
  readonly actions?: Partial<Actions>;
}

export async function run(
  argv: readonly string[],
  { env = {}, answer, input = "", actions = {} }: Surroundings = {},
): Promise<Ran> {
  const said = { stdout: "", stderr: "" };
  const called = {
    agents: [] as AgentConfig[],
    purges: [] as AgentConfig[],
    relays: [] as RelayConfig[],
    variables: [] as GivenVariables[],
  };
  const output = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => void (said[name] += text),
    terminal: false,
  });
  const asking =
    answer === undefined ? {} : { ask: (question: string) => Promise.resolve(heard(said, question, answer)) };
  const io: Io = {
    env,
    stdout: output("stdout"),
    stderr: output("stderr"),
    input: () => Promise.resolve(input),
    signal: new AbortController().signal,
    ...asking,
  };
  const all: Actions = {
    version: "0.1.0",
    runAgent: (config, variables) => {
      called.variables.push(variables);
      return Promise.resolve(called.agents.push(config) - 1);
    },
    purge: (config) => Promise.resolve(called.purges.push(config) - 1),
    runRelay: (config) => Promise.resolve(called.relays.push(config) - 1),
    readJobFiles,
    readHclFiles,
    rewriteFile,
    filesBeside,
    ...actions,
  };
  const code = await runProgram(argv, all, io);
  return { code, ...said, ...called };
}

function heard(said: { stderr: string }, question: string, answer: string): string {
  said.stderr += question;
  return answer;
}
