/** The keeper of jobs: a version is written down before it is acted on, and what an earlier process knew is known again. */
import { describe, expect, test } from "vitest";
import { JobsKeeper } from "../../../src/controller/jobs-keeper.ts";
import type { ParsedFile } from "../../../src/controller/jobs.ts";
import { groupKey } from "../../../src/model/keys.ts";
import type { StateStore } from "../../../src/ports/files.ts";
import { ManualClock } from "../../support/clock.ts";
import { PaperDirectory, parseText, PRUNE_DELAY } from "./directory.ts";

const WEB = groupKey("web", "api");
const DB = groupKey("db", "api");

/** A state directory in memory that can be full. */
class PaperState implements StateStore {
  isFull = false;
  readonly saved = new Map<string, unknown>();
  readonly #log: string[];

  constructor(log: string[]) {
    this.#log = log;
  }

  async load(kind: string): Promise<ReadonlyMap<string, unknown>> {
    const mine = [...this.saved].filter(([name]) => name.startsWith(`${kind}/`));
    return new Map(mine.map(([name, value]) => [name.slice(kind.length + 1), value]));
  }

  async save(kind: string, name: string, value: unknown): Promise<void> {
    if (this.isFull) throw new Error("no space left on device");
    this.#log.push(`save ${kind}/${name}`);
    this.saved.set(`${kind}/${name}`, JSON.parse(JSON.stringify(value)));
  }

  async remove(kind: string, name: string): Promise<void> {
    this.#log.push(`remove ${kind}/${name}`);
    this.saved.delete(`${kind}/${name}`);
  }
}

interface Bench {
  readonly keeper: JobsKeeper;
  readonly state: PaperState;
  readonly clock: ManualClock;
  readonly directory: PaperDirectory;
  /** What was written, and which keys were woken, in order. */
  readonly log: string[];
  readonly conditions: readonly (string | undefined)[];
  readonly looks: readonly number[];
  /** Times each path was parsed. */
  readonly parsed: readonly string[];
  /** What the jobs are made of besides their text. */
  readonly outside: { inputs?: string; readsFiles?: true };
  readonly events: readonly string[];
  readonly read: () => Promise<void>;
}

function aKeeper(saved: ReadonlyMap<string, unknown> = new Map()): Bench {
  const log: string[] = [];
  const state = new PaperState(log);
  for (const [name, value] of saved) state.saved.set(name, value);
  const conditions: (string | undefined)[] = [];
  const looks: number[] = [];
  const parsed: string[] = [];
  const outside: Bench["outside"] = {};
  const events: string[] = [];
  const clock = new ManualClock();
  const directory = new PaperDirectory();
  const parse = (path: string, text: string): ParsedFile => {
    parsed.push(path);
    return { ...parseText(path, text), ...outside };
  };
  const keeper = new JobsKeeper({
    state,
    clock,
    observer: (event) => {
      if ("path" in event) events.push(`${event.kind} ${event.path}`);
    },
    pruneDelay: PRUNE_DELAY,
    trustEmpty: false,
    isPlaced: () => true,
    parse,
    onChange: (keys) => {
      if (keys.length > 0) log.push(`wake ${keys.join(" ")}`);
    },
    lookAgain: (ms) => looks.push(ms),
    onState: (error) => conditions.push(error),
  });
  const read = (): Promise<void> => keeper.digest(directory.reading());
  return { keeper, state, clock, directory, log, conditions, looks, parsed, outside, events, read };
}

describe("a new version of a job", () => {
  test("is written down before its groups are woken", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    expect(bench.log).toEqual(["save jobs/web", `wake ${WEB}`]);
    expect(bench.state.saved.get("jobs/web")).toMatchObject({ path: "web.hcl", job: { name: "1" } });
  });

  test("wakes only the groups it changes, and is written only once", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1").put("db.hcl", "job db 1");
    await bench.read();
    bench.log.length = 0;
    bench.directory.put("web.hcl", "job web 2");
    await bench.read();
    await bench.read();
    expect(bench.log).toEqual(["save jobs/web", `wake ${WEB}`]);
  });

  test("is parsed once, however often its file is read", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    await bench.read();
    expect(bench.parsed).toEqual(["web.hcl"]);
    bench.directory.put("web.hcl", "job web 2");
    await bench.read();
    expect(bench.parsed).toEqual(["web.hcl", "web.hcl"]);
  });

  test("is noticed without a change of its text, when a file that it reads changes", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    Object.assign(bench.outside, { inputs: "one", readsFiles: true });
    await bench.read();
    bench.log.length = 0;
    await bench.read();
    expect([bench.parsed.length, bench.log]).toEqual([2, []]);
    bench.outside.inputs = "two";
    await bench.read();
    expect(bench.log).toContain("save jobs/web");
  });

  test("follows from values of variables too: what was remembered with others is written anew", async () => {
    const before = aKeeper();
    before.directory.put("web.hcl", "job web 1");
    before.outside.inputs = "count = 1";
    await before.read();
    const after = aKeeper(new Map(before.state.saved));
    await after.keeper.restore();
    after.directory.put("web.hcl", "job web 1");
    after.outside.inputs = "count = 2";
    await after.read();
    expect(after.log).toContain("save jobs/web");
  });

  test("is acted on when it cannot be written, with a condition, and written as soon as it can be", async () => {
    const bench = aKeeper();
    bench.state.isFull = true;
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    expect(bench.conditions.at(-1)).toBe("no space left on device");
    expect(bench.keeper.desired("web", "api").kind).toBe("run");
    bench.state.isFull = false;
    await bench.read();
    expect(bench.conditions.at(-1)).toBeUndefined();
    expect(bench.state.saved.has("jobs/web")).toBe(true);
  });
});

describe("a new process", () => {
  test("knows the last good versions and the orders before it has read the directory", async () => {
    const first = aKeeper();
    first.directory.put("web.hcl", "job web 1").put("db.hcl", "job db 1");
    await first.read();
    await first.keeper.stop("db");
    const second = aKeeper(first.state.saved);
    await second.keeper.restore();
    expect(second.keeper.desired("web", "api")).toMatchObject({ kind: "run", job: { name: "1" } });
    expect(second.keeper.desired("db", "api")).toEqual({ kind: "remove" });
    expect(second.keeper.keys()).toEqual([WEB, DB]);
  });

  test("passes over what is no job", async () => {
    const bench = aKeeper(
      new Map<string, unknown>([
        ["jobs/web", { job: "?" }],
        ["stopped/db", 1],
      ]),
    );
    await bench.keeper.restore();
    expect(bench.keeper.keys()).toEqual([]);
    expect(bench.keeper.desired("web", "api").kind).toBe("frozen");
  });
});

describe("a job that goes", () => {
  test("is asked about again when the prune delay is over, and then forgotten and its groups woken", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1").put("db.hcl", "job db 1");
    await bench.read();
    bench.log.length = 0;
    bench.directory.take("web.hcl");
    await bench.read();
    expect(bench.looks).toEqual([PRUNE_DELAY]);
    expect(bench.keeper.desired("web", "api").kind).toBe("frozen");
    expect(bench.log.splice(0)).toEqual([`wake ${WEB}`]);
    await bench.clock.advance(PRUNE_DELAY);
    await bench.read();
    expect(bench.log).toEqual(["remove jobs/web", `wake ${WEB}`]);
    expect(bench.keeper.desired("web", "api")).toEqual({ kind: "remove" });
  });

  test("in one of its groups wakes that group, whose wish is to go", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    expect(bench.keeper.desired("web", "old-group")).toEqual({ kind: "remove" });
  });
});

describe("the order to stop a job", () => {
  test("is written down before its groups are woken", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    bench.log.length = 0;
    await bench.keeper.stop("web");
    expect(bench.log).toEqual(["save stopped/web", `wake ${WEB}`]);
  });

  test("is refused, and nothing is stopped, when it cannot be written down", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    bench.state.isFull = true;
    await expect(bench.keeper.stop("web")).rejects.toThrow("no space left on device");
    expect(bench.keeper.desired("web", "api").kind).toBe("run");
    bench.state.isFull = false;
    await bench.keeper.stop("web");
    expect(bench.keeper.desired("web", "api")).toEqual({ kind: "remove" });
  });

  test("is lifted, and that written down, when the file changes", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    await bench.keeper.stop("web");
    bench.directory.put("web.hcl", "job web 2");
    await bench.read();
    expect(bench.state.saved.has("stopped/web")).toBe(false);
    expect(bench.keeper.desired("web", "api").kind).toBe("run");
  });
});

describe("the version of a job that was whole", () => {
  async function whole(): Promise<Bench> {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    await bench.keeper.noteWhole("web");
    return bench;
  }

  test("is written down once, and is what a newer version is measured by", async () => {
    const bench = await whole();
    await bench.keeper.noteWhole("web");
    expect(bench.log).toEqual(["save jobs/web", `wake ${WEB}`, "save stable/web"]);
    expect(bench.keeper.desired("web", "api")).not.toHaveProperty("stable");
    bench.directory.put("web.hcl", "job web 2");
    await bench.read();
    expect(bench.keeper.desired("web", "api")).toMatchObject({
      job: { name: "2" },
      stable: { job: { name: "1" }, group: { name: "api" } },
    });
  });

  test("is forgotten for the newer one when that is whole", async () => {
    const bench = await whole();
    bench.directory.put("web.hcl", "job web 2");
    await bench.read();
    await bench.keeper.noteWhole("web");
    expect(bench.keeper.desired("web", "api")).not.toHaveProperty("stable");
    expect(bench.state.saved.get("stable/web")).toMatchObject({ job: { name: "2" } });
  });

  test("is known to a new process", async () => {
    const first = await whole();
    first.directory.put("web.hcl", "job web 2");
    await first.read();
    const second = aKeeper(first.state.saved);
    await second.keeper.restore();
    expect(second.keeper.desired("web", "api")).toMatchObject({ job: { name: "2" }, stable: { job: { name: "1" } } });
    second.directory.put("web.hcl", "job web 2");
    await second.read();
    expect(second.state.saved.has("stable/web")).toBe(true);
  });

  test("is forgotten with its job", async () => {
    const bench = await whole();
    bench.directory.take("web.hcl");
    await bench.read();
    expect(bench.state.saved.has("stable/web")).toBe(true);
    bench.directory.put("db.hcl", "job db 1");
    await bench.clock.advance(PRUNE_DELAY);
    await bench.read();
    expect(bench.state.saved.has("stable/web")).toBe(false);
    bench.directory.put("web.hcl", "job web 2");
    await bench.read();
    expect(bench.keeper.desired("web", "api")).not.toHaveProperty("stable");
  });

  test("is remembered when it cannot be written, with a condition, until it is written", async () => {
    const bench = aKeeper();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    bench.state.isFull = true;
    for (let time = 0; time < 2; time++) {
      await bench.keeper.noteWhole("web");
      expect(bench.conditions.at(-1)).toBe("no space left on device");
    }
    bench.state.isFull = false;
    await bench.keeper.noteWhole("web");
    expect(bench.conditions.at(-1)).toBeUndefined();
    expect(bench.state.saved.get("stable/web")).toMatchObject({ job: { name: "1" } });
  });

  test("is passed over when it is no job, and nothing is noted of a job that is not known", async () => {
    const bench = aKeeper(new Map<string, unknown>([["stable/web", { hash: 1, job: {} }]]));
    await bench.keeper.restore();
    bench.directory.put("web.hcl", "job web 1");
    await bench.read();
    expect(bench.keeper.desired("web", "api")).not.toHaveProperty("stable");
    await bench.keeper.noteWhole("nobody");
    expect(bench.state.saved.has("stable/nobody")).toBe(false);
  });
});

test("files are told of once for each thing that becomes of them", async () => {
  const bench = aKeeper();
  bench.directory.put("web.hcl", "job web 1");
  await bench.read();
  await bench.read();
  bench.directory.put("web.hcl", "jbo");
  await bench.read();
  bench.directory.take("web.hcl");
  await bench.read();
  expect(bench.events).toEqual(["file-good web.hcl", "file-bad web.hcl", "file-gone web.hcl"]);
});

test("warnings are told of once for each content of a file", async () => {
  const bench = aKeeper();
  bench.directory.put("web.hcl", "job web 1 !");
  await bench.read();
  await bench.read();
  bench.directory.put("web.hcl", "job web 2 !");
  await bench.read();
  await bench.read();
  expect(bench.events).toEqual(["file-good web.hcl", "file-good web.hcl"]);
});
