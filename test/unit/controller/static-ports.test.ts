/** Static ports across jobs: one host has each once, who has it keeps it, and nothing that runs is stopped by who comes. */
import { describe, expect, test } from "vitest";
import { portClashes, type PortClaim } from "../../../src/controller/static-ports.ts";
import { PaperDirectory, PRUNE_DELAY } from "./directory.ts";

const TAKEN = 'The static port 80 is taken by the job "web" (web.hcl)';
const reason = (who: string, whom: string, verb = "has"): string =>
  `${who}.hcl asks for the static port 80, which the job ${whom} (${whom}.hcl) ${verb}`;

/** The job web runs with port 80. */
function taken(): PaperDirectory {
  return new PaperDirectory().put("web.hcl", "job web 1 80").read();
}

describe("a job that asks for a static port that another has", () => {
  test("is not begun, and its file says who has it", () => {
    const directory = taken().put("new.hcl", "job new 1 80").read();
    expect(directory.wish("web")).toBe("run 1");
    expect(directory.wish("new")).toBe(`frozen: ${reason("new", "web")}`);
    expect(directory.state.jobs.has("new")).toBe(false);
    expect(directory.errorsOf("new.hcl")).toEqual([TAKEN]);
    expect(directory.errorsOf("web.hcl")).toEqual([]);
  });

  test("goes on in its version before, if it has one", () => {
    const directory = taken().put("new.hcl", "job new 1").read().put("new.hcl", "job new 2 80").read();
    expect(directory.wish("new")).toBe(`run 1, ${reason("new", "web")}; the version before goes on`);
    expect(directory.read().wish("new")).toMatch(/^run 1, /);
  });

  test("gets it once the other gives it up, stops wanting it, is stopped by order, or is placed elsewhere", () => {
    const clash = (): PaperDirectory => taken().put("new.hcl", "job new 1 80").read();
    expect(clash().put("web.hcl", "job web 2").read().wish("new")).toBe("run 1");
    expect(clash().stop("web").read().wish("new")).toBe("run 1");
    const gone = clash().take("web.hcl").read();
    expect(gone.wish("new")).toMatch(/^frozen: /);
    expect(gone.wait(PRUNE_DELAY).read().wish("new")).toBe("run 1");
    const moved = clash();
    moved.elsewhere.add("web");
    expect(moved.read().wish("new")).toBe("run 1");
  });

  test("that was given it while the other was stopped keeps it when the other comes back", () => {
    const directory = taken().put("new.hcl", "job new 1 80").read().stop("web").read();
    directory.put("web.hcl", "job web 2 80").read();
    expect(directory.wish("new")).toBe("run 1");
    expect(directory.errorsOf("web.hcl")).toEqual(['The static port 80 is taken by the job "new" (new.hcl)']);
  });

  test("does not get it because the agent was started anew", () => {
    const directory = new PaperDirectory({ "web.hcl": "job web 1 80" });
    directory.put("new.hcl", "job new 1 80").put("web.hcl", "job web 2 80").read();
    expect(directory.wish("web")).toBe("run 2");
    expect(directory.wish("new")).toBe(`frozen: ${reason("new", "web")}`);
  });
});

describe("two jobs that come for one static port", () => {
  test("do not get it, either of them, whatever the order of their files", () => {
    const both = new PaperDirectory().put("web.hcl", "job web 1 80").put("new.hcl", "job new 1 80").read();
    expect(both.wish("web")).toBe(`frozen: ${reason("web", "new", "asks for too")}`);
    expect(both.wish("new")).toBe(`frozen: ${reason("new", "web", "asks for too")}`);
    expect(both.errorsOf("web.hcl")).toEqual(['The static port 80 is also asked for by the job "new" (new.hcl)']);
    expect(both.take("new.hcl").read().wish("web")).toBe("run 1");
  });

  test("that change ports with each other at once both get what they ask for", () => {
    const directory = taken().put("new.hcl", "job new 1 81").read();
    directory.put("web.hcl", "job web 2 81").put("new.hcl", "job new 2 80").read();
    expect([directory.wish("web"), directory.wish("new")]).toEqual(["run 2", "run 2"]);
  });
});

test("one that is refused is in the way of who relied on its leaving", () => {
  const directory = taken().put("b.hcl", "job b 1 81").read();
  directory.put("b.hcl", "job b 2 80").put("c.hcl", "job c 1 81").read();
  expect(directory.wish("b")).toMatch(/^run 1, b\.hcl asks for the static port 80/);
  expect(directory.wish("c")).toMatch(/^frozen: c\.hcl asks for the static port 81, which the job b \(b\.hcl\) has$/);
});

test("jobs that both had a port already are left as they are", () => {
  const port = { port: 80, group: "g", label: "http" };
  const claim = (job: string): PortClaim => {
    return { job, path: `${job}.hcl`, wants: [port], has: new Set([80]), before: [port] };
  };
  expect(portClashes([claim("a"), claim("b")]).size).toBe(0);
});
