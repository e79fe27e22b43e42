/** The fake's ACL system: tokens, and what each may do. */
import type { AllocRef } from "../../../../src/model/container.ts";
import { uuidOf } from "../../../../src/model/ids.ts";
import type { Millis } from "../../../../src/model/job.ts";

/** What Remora writes into a description; foreign tokens have none. */
export interface Mark {
  readonly instance: string;
  readonly node: string;
  readonly ref: AllocRef;
  readonly service: string;
  readonly generation: number;
}

export interface FakeToken {
  readonly accessor: string;
  readonly secret: string;
  readonly createdAt: Millis;
  readonly mark?: Mark;
  /** The service whose identity it is; "*" may do anything; "" nothing. */
  readonly identity: string;
}

export type Right = "yes" | "permission denied" | "unknown token";

export class FakeAcl {
  readonly enabled: boolean;
  readonly #tokens = new Map<string, FakeToken>();
  #minted = 0;

  constructor(enabled: boolean) {
    this.enabled = enabled;
  }

  all(): readonly FakeToken[] {
    return [...this.#tokens.values()];
  }

  get(accessor: string): FakeToken | undefined {
    return this.#tokens.get(accessor);
  }

  bySecret(secret: string): FakeToken | undefined {
    return this.all().find((token) => token.secret === secret);
  }

  /** How many there ever were. */
  get minted(): number {
    return this.#minted;
  }

  /** Gives it a secret that no token ever had. */
  add(token: Omit<FakeToken, "secret">): FakeToken {
    this.#minted += 1;
    const made = { ...token, secret: uuidOf("fake secret", this.#minted) };
    this.#tokens.set(made.accessor, made);
    return made;
  }

  /** Puts back a token as it was, secret included. */
  put(token: FakeToken): void {
    this.#tokens.set(token.accessor, token);
  }

  remove(accessor: string): boolean {
    return this.#tokens.delete(accessor);
  }

  clear(): void {
    this.#tokens.clear();
  }

  /** Whether the bearer of a secret may change services of that name; a service's identity covers its sidecar. */
  mayWrite(secret: string, name: string): Right {
    if (!this.enabled) return "yes";
    if (secret === "") return "permission denied";
    const token = this.bySecret(secret);
    if (token === undefined) return "unknown token";
    const names = [token.identity, `${token.identity}-sidecar-proxy`];
    return token.identity === "*" || names.includes(name) ? "yes" : "permission denied";
  }

  /** Whether the bearer may read nodes and manage tokens. */
  mayManage(secret: string): Right {
    if (!this.enabled) return "yes";
    if (secret !== "" && this.bySecret(secret) === undefined) return "unknown token";
    return this.bySecret(secret)?.identity === "*" ? "yes" : "permission denied";
  }
}
