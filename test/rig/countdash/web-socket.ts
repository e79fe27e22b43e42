/** The server's side of a WebSocket (RFC 6455), as much of it as short text messages need. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export interface WebSocketPeer {
  send(text: string): void;
}

const textFrame = 0x1;
const closeFrame = 0x8;
const pingFrame = 0x9;
const pongFrame = 0xa;

/** Answers the handshake; from then on every text message goes to `received`. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  received: (text: string) => void,
): WebSocketPeer {
  const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${guid}`).digest("base64");
  const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n"));
  socket.on("error", () => socket.destroy());
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.size);
      answer(socket, frame, received);
    }
  });
  return { send: (text) => writeFrame(socket, textFrame, Buffer.from(text)) };
}

interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly size: number;
}

function answer(socket: Duplex, frame: Frame, received: (text: string) => void): void {
  if (frame.kind === textFrame) received(frame.payload.toString());
  else if (frame.kind === pingFrame) writeFrame(socket, pongFrame, frame.payload);
  else if (frame.kind === closeFrame) socket.end();
}

/** The first frame in the buffer; a client's is masked (section 5.3). Undefined while it is not whole. */
function readFrame(buffer: Buffer): Frame | undefined {
  if (buffer.length < 2) return undefined;
  const short = buffer.readUInt8(1) & 0x7f;
  const maskAt = short === 126 ? 4 : 2;
  if (buffer.length < maskAt + 4) return undefined;
  const length = short === 126 ? buffer.readUInt16BE(2) : short;
  const size = maskAt + 4 + length;
  if (buffer.length < size) return undefined;
  const mask = buffer.subarray(maskAt, maskAt + 4);
  const payload = Buffer.from(buffer.subarray(maskAt + 4, size).map((byte, at) => byte ^ (mask[at % 4] ?? 0)));
  return { kind: buffer.readUInt8(0) & 0x0f, payload, size };
}

function writeFrame(socket: Duplex, kind: number, payload: Buffer): void {
  if (!socket.writable) return;
  const long = payload.length > 125;
  const header = Buffer.alloc(long ? 4 : 2);
  header.writeUInt8(0x80 | kind, 0);
  header.writeUInt8(long ? 126 : payload.length, 1);
  if (long) header.writeUInt16BE(payload.length, 2);
  socket.write(Buffer.concat([header, payload]));
}
