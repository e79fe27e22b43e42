/**
 * A stand-in for hashicorpdev/counter-dashboard:v3: a page, and a socket (Socket.IO 2 over a WebSocket, as the original's)
 * that fetches the count from COUNTING_SERVICE_URL on every "send" and pushes it as a "message".
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { acceptWebSocket } from "./web-socket.ts";
import type { WebSocketPeer } from "./web-socket.ts";

interface Count {
  readonly count: number;
  readonly message: string;
  readonly hostname: string;
}

const port = Number(process.env["PORT"] ?? 9002);
const countingService = process.env["COUNTING_SERVICE_URL"] ?? "http://localhost:9001";
const page = readFileSync(new URL("./page.html", import.meta.url));

/** A connection for each look, so that a change of the mesh shows at once; a count of -1 says that none came. */
async function fetchCount(): Promise<Count> {
  try {
    const signal = AbortSignal.timeout(2000);
    const answer = await fetch(countingService, { signal, headers: { Connection: "close" } });
    const { count, hostname } = (await answer.json()) as Count;
    return { count, message: "", hostname };
  } catch (error) {
    return { count: -1, message: inspect(error), hostname: "[Unreachable]" };
  }
}

async function sendCount(peer: WebSocketPeer): Promise<void> {
  peer.send(`42${JSON.stringify(["message", await fetchCount()])}`);
}

/** Engine.IO 3: `2…` is a ping; `42N["send",…]` asks for a count and wants acknowledgement N. */
async function received(peer: WebSocketPeer, text: string): Promise<void> {
  if (text.startsWith("2")) return peer.send(`3${text.slice(1)}`);
  const asked = /^42(\d*)\["send"/.exec(text);
  if (asked === null) return;
  await sendCount(peer);
  if (asked[1] !== "") peer.send(`43${asked[1]}["OK"]`);
}

async function tellCount(response: ServerResponse): Promise<void> {
  const count = await fetchCount();
  response.writeHead(count.count < 0 ? 503 : 200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(count));
}

const server = createServer((request, response) => {
  if (request.url === "/health") response.end("Hello, you've hit /health\n");
  else if (request.url === "/health/api") void tellCount(response);
  else response.setHeader("Content-Type", "text/html; charset=utf-8").end(page);
});

server.on("upgrade", (request, socket) => {
  const peer = acceptWebSocket(request, socket, (text) => void received(peer, text));
  const session = { sid: crypto.randomUUID(), upgrades: [], pingInterval: 30_000, pingTimeout: 60_000 };
  peer.send(`0${JSON.stringify(session)}`);
  peer.send("40");
  void sendCount(peer);
});

server.listen(port, () => process.stdout.write(`dashboard on port ${port}, counting service at ${countingService}\n`));
process.once("SIGTERM", () => process.exit(0));
