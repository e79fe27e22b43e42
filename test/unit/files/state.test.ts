/** The state directory: what is saved survives, whole or not at all. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stateStore } from "../../../src/adapters/files/state.ts";
import { PortFailure } from "../../../src/ports/failure.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "remora-state-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function neverBad(name: string, error: string): never {
  throw new Error(`${name}: ${error}`);
}

describe("state store", () => {
  test("what was saved is loaded by another store over the same directory", async () => {
    await stateStore(directory).save("jobs", "countdash", { revision: 3 });
    const loaded = await stateStore(directory).load("jobs", neverBad);
    expect([...loaded]).toEqual([["countdash", { revision: 3 }]]);
  });

  test("a kind that was never saved is empty", async () => {
    expect((await stateStore(directory).load("intents", neverBad)).size).toBe(0);
  });

  test("a later save replaces the earlier one, also when both are under way", async () => {
    const store = stateStore(directory);
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.save("jobs", "a", n)));
    expect((await store.load("jobs", neverBad)).get("a")).toBe(19);
  });

  test("removing is done when the document is absent, and when it is there", async () => {
    const store = stateStore(directory);
    await store.remove("jobs", "never");
    await store.save("jobs", "a", 1);
    await store.remove("jobs", "a");
    expect((await store.load("jobs", neverBad)).size).toBe(0);
  });

  test.each(["../../etc/passwd", ".", "..", "a/b", "a b", "ünïcode", "a%2Fb", ".hidden", "x".repeat(400), "\ud800"])(
    "the name %j stays inside its directory and comes back as it was",
    async (name) => {
      const store = stateStore(directory);
      await store.save("jobs", name, "here");
      expect(await readdir(directory)).toEqual(["jobs"]);
      expect([...(await store.load("jobs", neverBad))]).toEqual([[name, "here"]]);
      await store.remove("jobs", name);
      expect(await readdir(join(directory, "jobs"))).toEqual([]);
    },
  );

  test("two long names with the same beginning do not meet", async () => {
    const store = stateStore(directory);
    const [a, b] = ["a", "b"].map((end) => "n".repeat(300) + end) as [string, string];
    await store.save("jobs", a, 1);
    await store.save("jobs", b, 2);
    const loaded = await store.load("jobs", neverBad);
    expect([loaded.get(a), loaded.get(b)]).toEqual([1, 2]);
  });

  test("directory and documents are for their owner alone", async () => {
    await stateStore(directory).save("jobs", "a", 1);
    expect((await stat(join(directory, "jobs"))).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, "jobs", "a.json"))).mode & 0o777).toBe(0o600);
  });

  test("a damaged document is reported by name and leaves the others alone", async () => {
    const store = stateStore(directory);
    await store.save("jobs", "good", 1);
    await writeFile(join(directory, "jobs", "bad%20one.json"), '{"name": "bad');
    const bad: string[] = [];
    const loaded = await store.load("jobs", (name) => bad.push(name));
    expect([...loaded.keys()]).toEqual(["good"]);
    expect(bad).toEqual(["bad one"]);
  });

  test("a draft that a crash left behind is not taken for a document, and the next save gets past it", async () => {
    const store = stateStore(directory);
    await mkdir(join(directory, "jobs"));
    await writeFile(join(directory, "jobs", ".a.json.draft"), '{"name": "a", "val');
    expect((await store.load("jobs", neverBad)).size).toBe(0);
    await store.save("jobs", "a", 2);
    expect(JSON.parse(await readFile(join(directory, "jobs", "a.json"), "utf8"))).toEqual({ name: "a", value: 2 });
  });

  test("a save that fails says what, where and why, and leaves the former document", async () => {
    await writeFile(join(directory, "jobs"), "a file in the way");
    const failure: unknown = await stateStore(directory)
      .save("jobs", "a", 1)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PortFailure);
    expect((failure as PortFailure).message).toContain("state: save jobs/a");
    expect((failure as PortFailure).message).toContain(directory);
  });
});
