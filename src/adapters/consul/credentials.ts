/** The controller's own token: given outright, or in a file that is read again whenever it changes. */
import { readFile, stat } from "node:fs/promises";
import { Secret } from "../../model/secret.ts";
import { PortFailure } from "../../ports/failure.ts";

export type TokenSource = Secret | { readonly file: string };

/** Resolves with the token as of now. A file that cannot be read, or is empty, is a failure: never "no token". */
export function tokenReader(source: TokenSource | undefined): () => Promise<Secret | undefined> {
  if (source === undefined || source instanceof Secret) return () => Promise.resolve(source);
  let known = { version: "", token: new Secret("") };
  return async () => {
    try {
      const { ino, size, mtimeMs } = await stat(source.file);
      const version = `${ino}:${size}:${mtimeMs}`;
      if (known.version !== version) known = { version, token: await readToken(source.file) };
      return known.token;
    } catch (error) {
      throw unreadable(source.file, error);
    }
  };
}

async function readToken(file: string): Promise<Secret> {
  const text = (await readFile(file, "utf8")).trim();
  if (text === "") throw new Error("it is empty");
  return new Secret(text);
}

function unreadable(file: string, cause: unknown): PortFailure {
  return new PortFailure({
    code: "forbidden",
    call: "consul: read the token file",
    message: `${file} gives no token (${(cause as Error).message}): put the token of the controller there`,
    effect: "none",
    retry: "backoff",
    cause,
  });
}
