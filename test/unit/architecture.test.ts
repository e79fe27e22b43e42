/** The shape of the house: which room may know which, what each may reach outside, and what every file looks like. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../src", import.meta.url));

interface Room {
  /** Rooms it may import from. */
  readonly rooms: readonly string[];
  /** Packages and Node modules it may import. */
  readonly outside: readonly (string | RegExp)[];
}

const NODE = /^node:/;
const NO_ROOMS: readonly string[] = [];
const PURE = { outside: [] } as const;

/** The one table of who may import what. A file directly in src/ is a room of its own. */
const ROOMS: Readonly<Record<string, Room>> = {
  model: { rooms: NO_ROOMS, outside: ["node:crypto"] },
  ports: { rooms: ["model"], ...PURE },
  // Hashes, bcrypt and RSA are functions of job files.
  jobspec: { rooms: ["model"], outside: ["yaml", "bcryptjs", "re2js", "node:crypto"] },
  envoy: { rooms: ["model"], ...PURE },
  machines: { rooms: ["model"], outside: ["xstate"] },
  informers: { rooms: ["model", "ports"], ...PURE },
  queue: { rooms: ["model", "ports"], outside: ["p-queue"] },
  reconcilers: { rooms: ["machines", "envoy", "model", "ports"], ...PURE },
  controller: {
    rooms: ["reconcilers", "informers", "queue", "machines", "model", "ports"],
    // Only to allow many listeners on one signal.
    outside: ["node:events"],
  },
  adapters: { rooms: ["model", "ports"], outside: [NODE, "consul", "dockerode", "tar-stream", "zod"] },
  telemetry: { rooms: ["model", "ports"], outside: ["pino", "pino-pretty", "prom-client"] },
  server: { rooms: ["controller", "model", "ports"], outside: [NODE, "hono", /^@hono\//] },
  cli: {
    rooms: ["controller", "jobspec", "model", "ports"],
    outside: [NODE, "cli-table3", "commander", "yaml", "zod"],
  },
  "version.ts": { rooms: NO_ROOMS, outside: ["node:fs"] },
  "app.ts": {
    rooms: ["adapters", "cli", "controller", "jobspec", "model", "ports", "server", "telemetry", "version.ts"],
    ...PURE,
  },
  "main.ts": { rooms: ["app.ts", "cli"], outside: [NODE] },
};

/** Rooms that get time, chance and the world as arguments. */
const WITHOUT_CLOCK = ["model", "jobspec", "envoy", "machines", "informers", "queue", "reconcilers", "controller"];
const WORLDLY =
  /\b(?:Date\s*[.(]|new Date\b|Math\.random|set(?:Timeout|Interval|Immediate)\s*\(|performance\.|process\.|globalThis|AbortSignal\.timeout)/;

interface SourceFile {
  /** Relative to src/. */
  readonly path: string;
  readonly text: string;
  readonly room: string;
  /** Files of src/ it imports, relative to src/. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
  /** Those of `imports` that are there at run time: types are gone by then. */
  readonly needs: readonly string[];
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** Every module a text names in `import`, `export … from` or `import()`, types included. */
function modulesOf(text: string): readonly string[] {
  const statements = text.matchAll(/(?:^|[;}\s])(?:import|export)\b[^"'`;]*?from\s*["']([^"']+)["']/g);
  const bare = text.matchAll(/(?:^|\s)import\s*\(?\s*["']([^"']+)["']/g);
  return [...statements, ...bare].map(([, name]) => name ?? "");
}

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  const modules = modulesOf(text);
  const inside = (names: readonly string[]): readonly string[] =>
    names.filter((name) => name.startsWith(".")).map((name) => normalize(join(dirname(path), name)));
  return {
    path,
    text,
    room: roomOf(path),
    imports: inside(modules),
    packages: modules.filter((name) => !name.startsWith(".")),
    needs: inside(modulesOf(text.replaceAll(/^(?:import|export) type [^;]*;/gm, ""))),
  };
}

const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => read(relative(ROOT, join(entry.parentPath, entry.name))));

function isAllowed(name: string, allowed: readonly (string | RegExp)[]): boolean {
  return allowed.some((each) => (typeof each === "string" ? each === name : each.test(name)));
}

/** A way from a file back to itself; undefined if there is none. */
function cycleThrough(start: SourceFile, byPath: ReadonlyMap<string, SourceFile>): readonly string[] | undefined {
  const seen = new Set<string>();
  const ways: (readonly string[])[] = start.needs.map((path) => [start.path, path]);
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    const last = way.at(-1) ?? "";
    if (last === start.path) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of byPath.get(last)?.needs ?? []) ways.push([...way, next]);
  }
  return undefined;
}

describe("the reader of imports", () => {
  test("finds every kind of import, over several lines too", () => {
    const text = [
      '/** import { a } from "not-this" is what people write. */',
      'import one from "one";',
      'import {\n  a,\n  type B,\n} from "two";',
      'import type { C } from "./three.ts";',
      'import "four";',
      'export * from "five";',
      'const six = await import("six");',
    ];
    expect(modulesOf(text.slice(1).join("\n")).toSorted()).toEqual(
      ["./three.ts", "five", "four", "one", "six", "two"].toSorted(),
    );
  });

  test("has read the source", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.find(({ path }) => path === "queue/work-queue.ts")?.packages).toEqual(["p-queue"]);
  });
});

describe("rooms", () => {
  test("are all in the table", () => {
    expect([...new Set(files.map(({ room }) => room))].filter((room) => ROOMS[room] === undefined)).toEqual([]);
  });

  test("import only from rooms below them", () => {
    const wrong = files.flatMap(({ path, room, imports }) =>
      imports
        .filter((to) => roomOf(to) !== room && ROOMS[room]?.rooms.includes(roomOf(to)) !== true)
        .map((to) => `${path} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test("reach outside only for what the table names", () => {
    const wrong = files.flatMap(({ path, room, packages }) =>
      packages.filter((name) => !isAllowed(name, ROOMS[room]?.outside ?? [])).map((name) => `${path} → ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test("have arrows that point one way only", () => {
    const reach = (from: string, to: string, seen = new Set<string>()): boolean => {
      if (seen.has(from)) return false;
      seen.add(from);
      return ROOMS[from]?.rooms.some((next) => next === to || reach(next, to, seen)) === true;
    };
    expect(Object.keys(ROOMS).filter((room) => reach(room, room))).toEqual([]);
  });

  test.each([
    ["consul", "adapters"],
    ["dockerode", "adapters"],
    ["pino", "telemetry"],
    ["prom-client", "telemetry"],
  ])("but one never see %s: it belongs to %s", (name, room) => {
    const holders = files.filter(({ packages }) => packages.includes(name));
    expect(new Set(holders.map((file) => file.room))).toEqual(new Set([room]));
  });

  test.each(WITHOUT_CLOCK)("without a clock stay so: %s takes time, chance and the world as arguments", (room) => {
    const code = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
    const wrong = files.filter((file) => file.room === room && WORLDLY.test(code(file.text)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe("files", () => {
  test("need each other in no circle", () => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const cycles = files.flatMap((file) => cycleThrough(file, byPath)?.join(" → ") ?? []);
    expect(cycles).toEqual([]);
  });

  test("import only files that are there", () => {
    const known = new Set(files.map(({ path }) => path));
    const lost = files.flatMap(({ path, imports }) =>
      imports.filter((to) => !known.has(to)).map((to) => `${path} → ${to}`),
    );
    expect(lost).toEqual([]);
  });

  test("open with a sentence that says what they are for", () => {
    const mute = files.filter(({ text }) => !/^(?:#![^\n]*\n)?\/\*\*[\s*`]*\w[\s\S]*?\*\/\n/.test(text));
    expect(mute.map(({ path }) => path)).toEqual([]);
  });

  test("are short: none past 300 lines, most under 200", () => {
    const lengths = files.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
    expect(lengths.filter(({ lines }) => lines >= 200).length).toBeLessThan(lengths.length / 10);
  });
});
