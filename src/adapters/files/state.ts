/** The state directory: small JSON documents, `<directory>/<kind>/<name>.json`, each written atomically and durably. */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { PortFailure } from "../../ports/failure.ts";
import type { StateStore } from "../../ports/files.ts";
import { errorCode, reasonOf } from "./errors.ts";

/** The name stands inside as well: a long one does not fit into a file name. */
interface Document {
  readonly name: string;
  readonly value: unknown;
}

const SUFFIX = ".json";
/** File systems allow 255 bytes for a name. */
const LONGEST_NAME = 200;

/** The directories are made when first needed, readable by their owner alone. */
export function stateStore(directory: string): StateStore {
  return new DirectoryStore(directory);
}

class DirectoryStore implements StateStore {
  readonly #directory: string;
  /** Writes of one document happen one after the other, in the order they were asked for. */
  readonly #writes = new Map<string, Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async load(kind: string, onBad: (name: string, error: string) => void): Promise<ReadonlyMap<string, unknown>> {
    const documents = new Map<string, unknown>();
    const files = await this.#attempt("list", kind, () => namesIn(join(this.#directory, kind)));
    for (const file of files.filter((name) => name.endsWith(SUFFIX)).sort()) {
      try {
        const { name, value } = parse(await readFile(join(this.#directory, kind, file), "utf8"));
        documents.set(name, value);
      } catch (error) {
        onBad(nameOf(file), reasonOf(error));
      }
    }
    return documents;
  }

  save(kind: string, name: string, value: unknown): Promise<void> {
    const path = this.#path(kind, name);
    const text = JSON.stringify({ name, value } satisfies Document);
    return this.#inOrder(path, () => this.#attempt("save", `${kind}/${name}`, () => this.#write(kind, path, text)));
  }

  remove(kind: string, name: string): Promise<void> {
    const path = this.#path(kind, name);
    return this.#inOrder(path, () =>
      this.#attempt("remove", `${kind}/${name}`, async () => {
        await rm(path, { force: true });
        await syncDirectory(join(this.#directory, kind));
      }),
    );
  }

  async #write(kind: string, path: string, text: string): Promise<void> {
    const directory = join(this.#directory, kind);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const draft = join(directory, `.${basename(path)}.draft`);
    try {
      await writeDurably(draft, text);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await syncDirectory(directory);
  }

  async #inOrder(path: string, act: () => Promise<void>): Promise<void> {
    const before = this.#writes.get(path);
    const mine = (before ?? Promise.resolve()).then(act, act);
    this.#writes.set(path, mine);
    try {
      await mine;
    } finally {
      if (this.#writes.get(path) === mine) this.#writes.delete(path);
    }
  }

  #path(kind: string, name: string): string {
    return join(this.#directory, kind, fileNameOf(name) + SUFFIX);
  }

  async #attempt<T>(verb: string, what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw new PortFailure({
        code: "server",
        call: `state: ${verb} ${what}`,
        message: `${reasonOf(error)} (state directory ${this.#directory})`,
        effect: "unknown",
        retry: "backoff",
        cause: error,
      });
    }
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

function parse(text: string): Document {
  const read: unknown = JSON.parse(text);
  if (typeof read !== "object" || read === null || !("name" in read) || typeof read.name !== "string")
    throw new Error("is not a document of this store");
  return { name: read.name, value: "value" in read ? read.value : undefined };
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  let handle;
  try {
    handle = await open(directory, "r");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Letters, digits, `-` and `_` stay; all else is percent-encoded, so that no name can leave its directory or be hidden. */
function fileNameOf(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/[.!~*'()]/g, (character) => `%${hex(character)}`);
  if (encoded.length <= LONGEST_NAME) return encoded;
  return `${encoded.slice(0, 120)}~${createHash("sha256").update(name).digest("hex")}`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}

/** As well as the file's name tells: for a document that cannot be read. */
function nameOf(file: string): string {
  const encoded = file.slice(0, -SUFFIX.length);
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
