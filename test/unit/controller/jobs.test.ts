/** The rules of the watched directory: what is uncertain is held, never dropped, and what is told is done. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextJobs } from "../../../src/controller/jobs.ts";
import { PaperDirectory, parseText, PRUNE_DELAY } from "./directory.ts";

const PUT_BACK = "put the files back, or stop jobs with remora job stop NAME";

/** The wish for a job whose file went away, during the prune delay. */
const GONE = (path: string): string =>
  `frozen: its file ${path} is gone; it is stopped unless the file comes back at once`;

/** A directory that declares web and db and has been read. */
function followed(): PaperDirectory {
  return new PaperDirectory().put("web.hcl", "job web 1").put("db.hcl", "job db 1").read();
}

describe("a good file", () => {
  test("is followed, from version to version", () => {
    const directory = followed();
    expect(directory.wish("web")).toBe("run 1");
    directory.put("web.hcl", "job web 2").read();
    expect(directory.wish("web")).toBe("run 2");
    expect(directory.wish("db")).toBe("run 1");
  });

  test("that takes another name, or whose job moves to another file, is followed without a gap", () => {
    const directory = followed().take("web.hcl").put("sub/web.yaml", "job web 1").read();
    expect(directory.wish("web")).toBe("run 1");
    expect(directory.state.jobs.get("web")).toMatchObject({ path: "sub/web.yaml" });
    expect(directory.state.again).toBeUndefined();
  });

  test("that declares another job now lets the old one go after the prune delay", () => {
    const directory = followed().put("web.hcl", "job shop 1").read();
    expect(directory.wish("shop")).toBe("run 1");
    expect(directory.wish("web")).toBe(GONE("web.hcl"));
    directory.wait(PRUNE_DELAY).read();
    expect(directory.wish("web")).toBe("remove");
  });
});

describe("a file that is only warned of", () => {
  test("is followed like any other, and keeps its warnings", () => {
    const directory = followed().put("web.hcl", "job web 2 !").read();
    expect(directory.wish("web")).toBe("run 2");
    expect(directory.state.files.get("web.hcl")?.diagnostics).toMatchObject([
      { severity: "warning", summary: "it has no effect" },
    ]);
  });
});

describe("a file that is broken", () => {
  test("keeps the last good version running, and says so", () => {
    const directory = followed().put("web.hcl", "jbo web 2").read();
    expect(directory.wish("web")).toBe("run 1, web.hcl is broken; the last good version runs");
    expect(directory.errorsOf("web.hcl")).toEqual(["it is no job"]);
    expect(directory.wait(3_600_000).read().wish("web")).toMatch(/^run 1/);
  });

  test("holds no other job up", () => {
    const directory = followed().put("web.hcl", "jbo").put("db.hcl", "job db 2").read();
    expect(directory.wish("db")).toBe("run 2");
  });

  test("is followed again once it is good", () => {
    const directory = followed().put("web.hcl", "jbo").read().put("web.hcl", "job web 3").read();
    expect(directory.wish("web")).toBe("run 3");
  });

  test("and is then taken away lets its job go like any other", () => {
    const directory = followed().put("web.hcl", "jbo").read().take("web.hcl").read().wait(PRUNE_DELAY).read();
    expect(directory.wish("web")).toBe("remove");
  });

  test("keeps what an earlier process has left in the state directory", () => {
    const directory = new PaperDirectory({ "web.hcl": "job web 1" }).put("web.hcl", "jbo").read();
    expect(directory.wish("web")).toBe("run 1, web.hcl is broken; the last good version runs");
  });

  test("freezes what runs when the state is lost, for nobody knows which job it declares", () => {
    const directory = new PaperDirectory().put("web.hcl", "jbo").put("db.hcl", "job db 1").read();
    expect(directory.wish("web")).toBe("frozen: web.hcl is broken, and it is not known which job it declares");
    expect(directory.wish("db")).toBe("run 1");
  });

  test("that cannot be read is held like a broken one", () => {
    const directory = followed().spoil("web.hcl").read();
    expect(directory.wish("web")).toBe("run 1, web.hcl is broken; the last good version runs");
    expect(directory.errorsOf("web.hcl")).toEqual(["permission denied"]);
  });
});

describe("two files with one job", () => {
  test("are both reported, and what runs stays", () => {
    const directory = followed().put("copy.hcl", "job web 2").read();
    expect(directory.wish("web")).toBe("run 1, web.hcl and copy.hcl both declare it");
    expect(directory.errorsOf("web.hcl")).toEqual(['The job "web" is also declared in copy.hcl']);
    expect(directory.errorsOf("copy.hcl")).toEqual(['The job "web" is also declared in web.hcl']);
  });

  test("are followed again when one of them goes", () => {
    const directory = followed().put("copy.hcl", "job web 2").read().take("web.hcl").read();
    expect(directory.wish("web")).toBe("run 2");
    expect(directory.errorsOf("copy.hcl")).toEqual([]);
  });

  test("keep the job running when one of them breaks and the other goes, for the broken one declared it last", () => {
    const directory = followed().put("copy.hcl", "job web 2").read().put("web.hcl", "jbo").read();
    expect(directory.wish("web")).toBe("run 2");
    directory.take("copy.hcl").read();
    expect(directory.wish("web")).toBe("run 2, web.hcl is broken; the last good version runs");
    expect(directory.state.again).toBeUndefined();
    expect(directory.wait(PRUNE_DELAY).read().wish("web")).toMatch(/^run 2/);
    directory.take("web.hcl").read().wait(PRUNE_DELAY).read();
    expect(directory.wish("web")).toBe("remove");
  });

  test("start nothing that does not run", () => {
    const directory = new PaperDirectory().put("a.hcl", "job web 1").put("b.hcl", "job web 2").read();
    expect(directory.state.jobs.size).toBe(0);
  });

  test("do not stop what runs when the state is lost", () => {
    const directory = new PaperDirectory().put("a.hcl", "job web 1").put("b.hcl", "job web 2").read();
    expect(directory.wish("web")).toBe("frozen: a.hcl and b.hcl both declare it");
    directory.put("a.hcl", "jbo").spoil("b.hcl").read();
    expect(directory.wish("web")).toBe("frozen: a.hcl and b.hcl both declare it");
    directory.take("b.hcl").read();
    expect(directory.wish("web")).toBe("frozen: a.hcl is broken, and its last good version is lost");
  });
});

describe("a file that went away", () => {
  test("freezes its job at once, and is believed to be gone only after the prune delay", () => {
    const directory = followed().take("web.hcl").read();
    expect(directory.wish("web")).toBe(GONE("web.hcl"));
    expect(directory.state.again).toBe(directory.now + PRUNE_DELAY);
    expect(
      directory
        .wait(PRUNE_DELAY - 1)
        .read()
        .wish("web"),
    ).toBe(GONE("web.hcl"));
    expect(directory.wait(1).read().wish("web")).toBe("remove");
    expect(directory.wish("db")).toBe("run 1");
  });

  test("and came back in time was never gone", () => {
    const directory = followed().take("web.hcl").read().wait(1_000).put("web.hcl", "job web 1").read();
    expect(directory.state.again).toBeUndefined();
    directory.take("web.hcl").wait(1_500).read();
    expect(directory.wish("web")).toBe(GONE("web.hcl"));
  });

  test("starts its prune delay afresh when the directory could not be read in between", () => {
    const directory = followed().take("web.hcl").read().wait(1_000).fail().wait(60_000).read();
    expect(directory.wish("web")).toBe(GONE("web.hcl"));
    expect(directory.wait(PRUNE_DELAY).read().wish("web")).toBe("remove");
  });

  test("takes effect for the last file too, when this process saw it go", () => {
    const directory = followed().take("web.hcl").take("db.hcl").read();
    expect(directory.wish("db")).toBe(GONE("db.hcl"));
    directory.wait(PRUNE_DELAY).read();
    expect([directory.wish("web"), directory.wish("db")]).toEqual(["remove", "remove"]);
  });
});

describe("a file that went away beside a broken one of which nobody knows what it declares", () => {
  test("takes its job with it when the other was broken long before", () => {
    const directory = followed().put("notes.hcl", "jbo").read().wait(60_000).read();
    directory.take("web.hcl").read();
    expect(directory.wish("web")).toBe(GONE("web.hcl"));
    expect(directory.wait(PRUNE_DELAY).read().wish("web")).toBe("remove");
    expect(directory.wait(60_000).read().wish("web")).toBe("remove");
  });

  test("is no reason to remove what nobody has seen a file of", () => {
    const directory = followed().put("notes.hcl", "jbo").read().take("web.hcl").read().wait(PRUNE_DELAY).read();
    expect(directory.wish("stranger")).toBe("frozen: notes.hcl is broken, and it is not known which job it declares");
  });

  test("takes its job with it only until another broken file comes, which may be that job's", () => {
    const directory = followed().put("notes.hcl", "jbo").read().take("web.hcl").read().wait(PRUNE_DELAY).read();
    expect(directory.put("late.hcl", "jbo").read().wish("web")).toMatch(/^frozen: /);
    expect(directory.take("late.hcl").read().wish("web")).toBe("remove");
  });

  const HELD = "run 1, new.hcl is broken and came as web.hcl went: it may be this job's";

  /** web.hcl was renamed to new.hcl, which is broken. */
  function renamed(): PaperDirectory {
    return followed().take("web.hcl").put("new.hcl", "jbo web 2").read();
  }

  test("leaves its job running, however long, when the other came as it went", () => {
    const directory = renamed();
    expect(directory.wish("web")).toBe(HELD);
    expect(directory.wait(60_000).read().wish("web")).toBe(HELD);
    expect(directory.fail().read().wish("web")).toBe(HELD);
    expect(directory.state.again).toBeUndefined();
  });

  test("is followed by the other once that is mended", () => {
    expect(renamed().put("new.hcl", "job web 2").read().wish("web")).toBe("run 2");
  });

  test.each([
    ["turns out to declare another job", (directory: PaperDirectory) => directory.put("new.hcl", "job shop 1")],
    ["is taken away", (directory: PaperDirectory) => directory.take("new.hcl")],
  ])("takes its job with it after the prune delay when the other %s", (_, act) => {
    const directory = act(renamed()).read();
    expect(directory.wish("web")).toBe(GONE("web.hcl"));
    expect(directory.wait(PRUNE_DELAY).read().wish("web")).toBe("remove");
  });
});

describe("a directory that cannot be trusted", () => {
  test("holds everything while it has not been read yet", () => {
    const directory = new PaperDirectory({ "web.hcl": "job web 1" });
    expect(directory.wish("web")).toBe("run 1");
    expect(directory.wish("other")).toBe("frozen: the directory has not been read yet");
  });

  test("holds everything while it cannot be read", () => {
    const directory = followed().fail("permission denied");
    const reason = "the job directory cannot be read: permission denied";
    expect(directory.wish("web")).toBe(`run 1, ${reason}`);
    expect(directory.wish("other")).toBe(`frozen: ${reason}`);
    expect(directory.read().wish("web")).toBe("run 1");
    expect(directory.wish("other")).toBe("remove");
  });

  test("that is empty at start is held until a file appears", () => {
    const directory = new PaperDirectory({ "web.hcl": "job web 1" }).read().wait(3_600_000).read();
    const reason = `the job directory was empty when Remora started: ${PUT_BACK}`;
    expect(directory.wish("web")).toBe(`run 1, ${reason}`);
    expect(directory.wish("other")).toBe(`frozen: ${reason}`);
    directory.put("db.hcl", "job db 1").read().wait(PRUNE_DELAY).read();
    expect(directory.wish("db")).toBe("run 1");
    expect(directory.wish("web")).toBe("remove");
  });

  test("that is empty on another file system is held until a file appears", () => {
    const directory = followed().take("web.hcl").take("db.hcl");
    directory.device = "disk-2";
    directory.read().wait(3_600_000).read();
    const reason = `another file system is mounted at the job directory, and it is empty: ${PUT_BACK}`;
    expect(directory.wish("web")).toBe(`run 1, ${reason}`);
    directory.device = "disk-1";
    directory.put("web.hcl", "job web 1").put("db.hcl", "job db 1").read();
    expect(directory.wish("web")).toBe("run 1");
  });
});

describe("the order to stop a job", () => {
  test("holds until its file's content changes", () => {
    const directory = followed().stop("web");
    expect(directory.wish("web")).toBe("remove");
    expect(directory.read().wish("web")).toBe("remove");
    expect(directory.put("web.hcl", "job web 2").read().wish("web")).toBe("run 2");
    expect(directory.state.stopped.size).toBe(0);
  });

  test("holds while its file is broken, for the file asks for nothing", () => {
    const directory = followed().stop("web").put("web.hcl", "jbo").read();
    expect(directory.wish("web")).toBe("remove");
  });

  test("holds in a new process", () => {
    const directory = new PaperDirectory({ "web.hcl": "job web 1" }, { web: "hash of job web 1" });
    expect(directory.wish("web")).toBe("remove");
    expect(directory.put("web.hcl", "job web 1").read().wish("web")).toBe("remove");
  });

  test("holds for a job in a directory that cannot be trusted, and for one that no file declares", () => {
    const directory = new PaperDirectory({ "web.hcl": "job web 1" }).read().stop("web").stop("orphan");
    expect([directory.wish("web"), directory.wish("orphan")]).toEqual(["remove", "remove"]);
    expect(directory.read().wish("orphan")).toBe("remove");
  });

  test("ends with its file", () => {
    const directory = followed().stop("web").take("web.hcl").read().wait(PRUNE_DELAY).read();
    expect(directory.state.stopped.size).toBe(0);
    expect(directory.put("web.hcl", "job web 1").read().wish("web")).toBe("run 1");
  });
});

type Act = (directory: PaperDirectory) => PaperDirectory;

const paths = fc.constantFrom("a.hcl", "b.hcl", "c.hcl");
const texts = fc.constantFrom("job web 1", "job web 2", "job db 1", "jbo");
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(paths, texts).map(
    ([path, text]): Act =>
      (directory) =>
        directory.put(path, text),
  ),
  paths.map(
    (path): Act =>
      (directory) =>
        directory.take(path),
  ),
  paths.map(
    (path): Act =>
      (directory) =>
        directory.spoil(path),
  ),
  fc.constant<Act>((directory) => directory.fail()),
  fc.constantFrom("disk-1", "disk-2").map(
    (device): Act =>
      (directory) =>
        Object.assign(directory, { device }),
  ),
  fc.nat(3_000).map(
    (ms): Act =>
      (directory) =>
        directory.wait(ms),
  ),
  fc.constant<Act>((directory) => directory.read()),
);

/** Found by chance: another file declares web too, is followed once web.hcl is broken, and goes for good. */
const COPY_TAKEN: Act[] = [
  (directory) => directory.put("a.hcl", "job web 1"),
  (directory) => directory.wait(1),
  (directory) => directory.take("a.hcl"),
  (directory) => directory.wait(PRUNE_DELAY),
];

describe("whatever happens to the directory", () => {
  test("the same reading a second time changes nothing", () => {
    fc.assert(
      fc.property(fc.array(acts), (story) => {
        const directory = story.reduce((on, act) => act(on), new PaperDirectory()).read();
        const context = { now: directory.now, pruneDelay: PRUNE_DELAY, parse: parseText };
        expect(nextJobs(directory.state, directory.reading(), context)).toEqual(directory.state);
      }),
    );
  });

  test("a job whose file is there, broken or not, is never removed", () => {
    fc.assert(
      fc.property(fc.array(acts), texts, (story, text) => {
        const directory = new PaperDirectory().put("web.hcl", "job web 0").read();
        for (const act of story)
          act(directory)
            .read()
            .put("web.hcl", text === "job db 1" ? "jbo" : text);
        expect(directory.read().wish("web")).not.toBe("remove");
      }),
      { examples: [[COPY_TAKEN, "jbo"]] },
    );
  });
});
