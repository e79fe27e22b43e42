/** Real sockets: the address that serves reads, and the control socket as the lock. */
import { mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAnswered } from "../../../src/server/knock.ts";
import { listenBoth, listenControl, ListenError, listenTcp, removeStale } from "../../../src/server/listen.ts";
import type { Listening } from "../../../src/server/listen.ts";
import { readApp } from "../../../src/server/read-app.ts";
import { until } from "../../rig/wait.ts";
import { aReadSide } from "./status.ts";

const app = readApp(aReadSide(), { onError: (error) => expect.unreachable(String(error)) });
const open: Listening[] = [];
let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "remora-listen-"));
  path = join(directory, "state", "remora.sock");
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
  await rm(directory, { recursive: true, force: true });
});

async function control(at = path): Promise<Listening> {
  const listening = await listenControl(app, at);
  open.push(listening);
  return listening;
}

/** What a killed process leaves: a socket nobody listens on. */
async function leaveDeadSocket(at: string): Promise<void> {
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(`${at}.x`, resolve));
  await rename(`${at}.x`, at);
  await new Promise((resolve) => dead.close(resolve));
  expect(await isAnswered(at)).toBe(false);
  expect((await stat(at)).isSocket()).toBe(true);
}

test("TCP serves on the address asked for, and nothing after it was closed", async () => {
  const listening = await listenTcp(app, { host: "127.0.0.1", port: 0 });
  const answer = await fetch(`http://${listening.address}/v1/jobs`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  await answer.text();
  await listening.close();
  await expect(fetch(`http://${listening.address}/healthz`)).rejects.toThrow();
});

test("an address in use, and one that is not this host's, is told in a sentence that names it", async () => {
  const first = await listenTcp(app, { host: "127.0.0.1", port: 0 });
  open.push(first);
  const port = Number(first.address.split(":")[1]);
  await expect(listenTcp(app, { host: "127.0.0.1", port })).rejects.toThrow(
    `The HTTP address 127.0.0.1:${port} is in use by another program: choose another address with --http-addr`,
  );
  await expect(listenTcp(app, { host: "192.0.2.1", port: 0 })).rejects.toThrow("none of this host's");
});

test("the control socket is its owner's alone, its directory too, and gone when closed", async () => {
  const listening = await control();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(directory, "state"))).mode & 0o777).toBe(0o700);
  expect(await isAnswered(path)).toBe(true);
  await listening.close();
  expect(await readdir(join(directory, "state"))).toEqual([]);
});

test("a second agent is refused with a sentence, and the first keeps its socket", async () => {
  await control();
  await expect(control()).rejects.toThrow(ListenError);
  await expect(control()).rejects.toThrow(/Another Remora agent runs with this state directory/);
  expect(await isAnswered(path)).toBe(true);
});

test("what a killed agent left is replaced", async () => {
  path = join(directory, "remora.sock");
  await leaveDeadSocket(path);
  await control();
  expect(await isAnswered(path)).toBe(true);
  expect(await readdir(directory)).toEqual(["remora.sock"]);
});

test("of many agents that find the same dead socket at once exactly one gets it", async () => {
  for (let round = 0; round < 20; round++) {
    path = join(directory, `remora-${round}.sock`);
    await leaveDeadSocket(path);
    const results = await Promise.allSettled(Array.from({ length: 2 }, () => control()));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await isAnswered(path)).toBe(true);
    await Promise.all(open.splice(0).map((listening) => listening.close()));
  }
  expect(await readdir(directory)).toEqual([]);
});

test("a socket that came to life since it was found dead is put back", async () => {
  await control();
  await expect(removeStale(path)).rejects.toThrow(ListenError);
  expect(await isAnswered(path)).toBe(true);
  expect(await readdir(join(directory, "state"))).toEqual(["remora.sock"]);
});

test("both are opened and closed together, and an HTTP address in use leaves no lock behind", async () => {
  const http = { app, address: { host: "127.0.0.1", port: 0 } };
  const both = await listenBoth({ app, path }, http);
  expect((await fetch(`http://${both.address}/healthz`)).status).toBe(200);
  expect(await isAnswered(path)).toBe(true);
  const other = join(directory, "other.sock");
  const taken = { app, address: { host: "127.0.0.1", port: Number(both.address.split(":")[1]) } };
  await expect(listenBoth({ app, path: other }, taken)).rejects.toThrow("in use by another program");
  expect(await isAnswered(other)).toBe(false);
  await both.close();
  expect(await isAnswered(path)).toBe(false);
  await expect(fetch(`http://${both.address}/healthz`)).rejects.toThrow();
});

test("a path that no socket can have, or a directory that cannot be made, is told in a sentence", async () => {
  await expect(control(join(directory, "x".repeat(120)))).rejects.toThrow("choose a shorter --state-dir");
  await writeFile(join(directory, "state"), "a file in the way");
  await expect(control()).rejects.toThrow(`The control socket ${path} cannot be made`);
});

test("a client that never ends its request does not keep the server from closing", async () => {
  const listening = await control();
  const socket = connect({ path });
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => socket.destroy());
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n");
  await listening.close();
  await ended;
});

test("no more than 64 connections are held at once", async () => {
  await control();
  let alive = 0;
  const sockets = Array.from({ length: 80 }, () => {
    const socket = connect({ path });
    alive++;
    socket.once("close", () => alive--);
    socket.on("error", () => socket.destroy());
    return socket;
  });
  await until(async () => alive === 64, { what: "all but 64 connections to be closed", everyMs: 5 });
  for (const socket of sockets) socket.destroy();
});

test("headers of more than 8 KiB are refused", async () => {
  const listening = await listenTcp(app, { host: "127.0.0.1", port: 0 });
  open.push(listening);
  const answer = await fetch(`http://${listening.address}/healthz`, { headers: { "x-long": "x".repeat(9_000) } });
  expect(answer.status).toBe(431);
});
