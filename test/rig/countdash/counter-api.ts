/** A stand-in for hashicorpdev/counter-api:v3: every GET counts one up and answers with the count as JSON. */
import { createServer } from "node:http";
import { hostname } from "node:os";

const port = Number(process.env["PORT"] ?? 9001);
let count = 0;

const server = createServer((request, response) => {
  if (request.url === "/health") return response.end("Hello, you've hit /health\n");
  count += 1;
  response.setHeader("Content-Type", "application/json");
  return response.end(JSON.stringify({ count, hostname: hostname() }));
});

server.listen(port, () => process.stdout.write(`counting on port ${port}\n`));
process.once("SIGTERM", () => process.exit(0));
