/** A client at a sidecar's public port that has no certificate. */
import { connect } from "node:tls";

export interface Refusal {
  /** As in the certificate: `URI:spiffe://…`. */
  readonly subject: string;
  /** Whether one of the given authorities signed it. */
  readonly trusted: boolean;
  /** The alert that ended the connection. */
  readonly error: string;
  /** Bytes of an answer to a request; a refused client gets none. */
  readonly received: number;
}

/** Connects without a certificate and sends a request; resolves when the other side has ended it. */
export function connectWithoutCertificate(host: string, port: number, ca: readonly string[]): Promise<Refusal> {
  return new Promise((done, fail) => {
    let subject = "";
    let error = "";
    let received = 0;
    // The name in the certificate is a SPIFFE id, no host name: it is for the test to compare.
    const options = { ca: [...ca], checkServerIdentity: () => undefined, rejectUnauthorized: false };
    const socket = connect({ host, port, ...options });
    socket.setTimeout(5_000, () => fail(new Error("a client without a certificate was neither answered nor refused")));
    socket.once("secureConnect", () => {
      subject = socket.getPeerCertificate().subjectaltname ?? "";
      socket.write("GET / HTTP/1.0\r\n\r\n");
    });
    socket.on("data", (chunk) => (received += chunk.length));
    socket.once("error", ({ message }) => (error = message));
    socket.once("close", () => {
      socket.destroy();
      done({ subject, trusted: socket.authorized, error, received });
    });
  });
}
