/** Carrying out steps: the calls that each makes, in order, and what it does when one of them refuses. */
import { beforeEach, describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../../src/model/container.ts";
import type { ServiceSpec } from "../../../src/model/registration.ts";
import { Secret } from "../../../src/model/secret.ts";
import { CALL_LIMIT } from "../../../src/model/settings.ts";
import { SECRET_PLACE, type Step } from "../../../src/model/step.ts";
import { type FailureCode, PortFailure } from "../../../src/ports/failure.ts";
import type { Mesh } from "../../../src/ports/mesh.ts";
import type { FileSpec, Runtime } from "../../../src/ports/runtime.ts";
import { applyStep, isPull } from "../../../src/reconcilers/apply.ts";
import { namespaceSpec } from "../../../src/reconcilers/namespace.ts";
import { registrationSpec } from "../../../src/reconcilers/registration-spec.ts";
import { aMeshService, aRef, aView } from "../../support/builders.ts";
import { ManualClock } from "../../support/clock.ts";

const SECRET = new Secret("s3cr3t");
const spec: ContainerSpec = namespaceSpec(aView());
const service: ServiceSpec = registrationSpec(aView(), aMeshService(), "gated");
const file = { directory: "/tasks/secrets", name: "token", text: SECRET_PLACE, accessor: "acc", uid: 101 };
const token = { accessor: "acc", ref: aRef(), service: "api", generation: 0 };

/** What was called, with the first argument, in order. */
let calls: string[];
/** Calls that fail, by their name. */
let refusals: Map<string, FailureCode>;
let usableAfter: number;
let secret: Secret | undefined;
let clock: ManualClock;
let files: FileSpec[];

beforeEach(() => {
  calls = [];
  refusals = new Map();
  usableAfter = 0;
  secret = SECRET;
  clock = new ManualClock(0);
  files = [];
});

function note(name: string, about: string): Promise<void> {
  calls.push(`${name} ${about}`);
  const code = refusals.get(name);
  if (code === undefined) return Promise.resolve();
  return Promise.reject(new PortFailure({ code, call: name, message: "refused", effect: "none", retry: "backoff" }));
}

const runtime = {
  createContainer: ({ name }) => note("create", name),
  startContainer: (container) => note("start", container),
  removeContainer: (container) => note("remove", container),
  signalContainer: (container, name) => note("signal", `${container} ${name}`),
  removeVolume: (name) => note("remove-volume", name),
  createNetwork: ({ name }) => note("create-network", name),
  pullImage: (image) => note("pull", image),
  putFiles: (container, directory, given) => {
    files.push(...given);
    return note("put", `${container}:${directory}/${given.map(({ name }) => name).join()}`);
  },
} satisfies Partial<Runtime>;

const mesh = {
  register: ({ id }, used) => note("register", `${id} with ${used === undefined ? "own" : used.reveal()}`),
  deregister: (id) => note("deregister", id),
  enableMaintenance: (id, reason) => note("maintain", `${id} ${reason}`),
  mintToken: ({ accessor }) => note("mint", accessor),
  deleteToken: (accessor) => note("delete-token", accessor),
  readSecret: async (accessor) => {
    await note("read-secret", accessor);
    return secret;
  },
  canUse: async () => {
    await note("ask", String(clock.now()));
    return clock.now() >= usableAfter;
  },
} satisfies Partial<Mesh>;

async function apply(step: Step): Promise<void> {
  const tools = { runtime: runtime as unknown as Runtime, mesh: mesh as unknown as Mesh, clock };
  const done = applyStep(step, tools, new AbortController().signal);
  const settled = done.then(
    () => undefined,
    () => undefined,
  );
  await clock.advance(2 * CALL_LIMIT);
  await settled;
  return done;
}

describe("a step makes its calls in order", () => {
  const steps: readonly (readonly [Step, readonly string[]])[] = [
    [{ kind: "create-namespace", spec }, [`create ${spec.name}`, `start ${spec.name}`]],
    [{ kind: "start-namespace", container: "c" }, ["start c"]],
    [
      { kind: "run-member", spec, infra: "i", files: [file] },
      [`create ${spec.name}`, "read-secret acc", "put i:/tasks/secrets/token", `start ${spec.name}`],
    ],
    [
      { kind: "start-member", container: "c", name: "n", infra: "i", files: [file] },
      ["read-secret acc", "put i:/tasks/secrets/token", "start c"],
    ],
    [{ kind: "register", service }, [`register ${service.id} with own`]],
    [{ kind: "register", service, accessor: "acc" }, ["read-secret acc", `register ${service.id} with s3cr3t`]],
    [{ kind: "deregister", id: "s" }, ["deregister s"]],
    [{ kind: "cure-zombie", id: "s", name: "n", meta: {} }, ["register s with own", "deregister s"]],
    [{ kind: "enable-maintenance", id: "s", reason: "r" }, ["maintain s r"]],
    [{ kind: "delete-token", accessor: "acc" }, ["delete-token acc"]],
    [{ kind: "signal", container: "c", name: "n", signal: "SIGTERM" }, ["signal c SIGTERM"]],
    [{ kind: "remove-container", container: "c", name: "n" }, ["remove c"]],
    [{ kind: "remove-volume", name: "v" }, ["remove-volume v"]],
    [{ kind: "pull-image", image: "i" }, ["pull i"]],
    [{ kind: "create-network", spec: { name: "n", labels: {} } }, ["create-network n"]],
    [{ kind: "run-relay", spec }, [`create ${spec.name}`, `start ${spec.name}`]],
  ];

  test.each(steps.map(([step, made]) => [step.kind, step, made] as const))("%s (%#)", async (_, step, made) => {
    await apply(step);
    expect(calls).toEqual(made);
  });

  test("and only pulls are pulls", () => {
    expect(steps.filter(([step]) => isPull(step)).map(([{ kind }]) => kind)).toEqual(["pull-image"]);
  });
});

describe("a secret", () => {
  test("is put for its reader alone, as a value that does not print", async () => {
    await apply({ kind: "run-member", spec, infra: "i", files: [file] });
    expect(files).toEqual([{ name: "token", content: SECRET, mode: 0o400, uid: 101 }]);
    expect(JSON.stringify(files)).not.toContain("s3cr3t");
  });

  test("stands where a file's text wants it; a file that wants none is put as it is, and nobody is asked", async () => {
    const { accessor: _, ...plain } = { ...file, text: "no token" };
    const within = { ...file, text: `{"token":"${SECRET_PLACE}"}` };
    await apply({ kind: "start-member", container: "c", name: "n", infra: "i", files: [within, plain] });
    const texts = files.map(({ content }) => (typeof content === "string" ? content : content.reveal()));
    expect(texts).toEqual([`{"token":"${SECRET.reveal()}"}`, "no token"]);
    expect(calls.filter((call) => call.startsWith("read-secret"))).toEqual(["read-secret acc"]);
  });

  test("that is gone is a failure, and nothing is started without it", async () => {
    secret = undefined;
    const step: Step = { kind: "run-member", spec, infra: "i", files: [file] };
    await expect(apply(step)).rejects.toMatchObject({ code: "not-found", retry: "backoff" });
    expect(calls).not.toContain(`start ${spec.name}`);
  });
});

describe("minting a token", () => {
  test("waits until the agent that will use it accepts it", async () => {
    usableAfter = 700;
    await apply({ kind: "mint-token", token });
    const asked = calls.filter((call) => call.startsWith("ask ")).map((call) => Number(call.slice(4)));
    expect(calls.slice(0, 2)).toEqual(["mint acc", "read-secret acc"]);
    expect(asked.at(-1)).toBeGreaterThanOrEqual(700);
    expect(asked.length).toBeLessThan(8);
    const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  });

  test("gives up within the limit of a call, with an error that says what happens next", async () => {
    usableAfter = Number.POSITIVE_INFINITY;
    await expect(apply({ kind: "mint-token", token })).rejects.toThrow(
      "consul: use token acc: the agent does not know the new token yet; Remora tries again",
    );
    const asked = calls.filter((call) => call.startsWith("ask ")).map((call) => Number(call.slice(4)));
    expect(Math.max(...asked)).toBeLessThanOrEqual(CALL_LIMIT);
  });
});

describe("a namespace whose port was taken meanwhile", () => {
  test.each<Step>([
    { kind: "create-namespace", spec },
    { kind: "start-namespace", container: spec.name },
  ])("is let go, so that other ports can be picked ($kind)", async (step) => {
    refusals.set("start", "port-taken");
    await expect(apply(step)).rejects.toMatchObject({ code: "port-taken" });
    expect(calls.at(-1)).toBe(`remove ${spec.name}`);
  });

  test("is kept when it failed to start for another reason", async () => {
    refusals.set("start", "server");
    await expect(apply({ kind: "create-namespace", spec })).rejects.toMatchObject({ code: "server" });
    expect(calls).toEqual([`create ${spec.name}`, `start ${spec.name}`]);
  });
});

test("a step that failed makes no further call", async () => {
  refusals.set("create", "image-missing");
  await expect(apply({ kind: "run-member", spec, infra: "i", files: [file] })).rejects.toBeInstanceOf(PortFailure);
  expect(calls).toEqual([`create ${spec.name}`]);
});
