/** The fake's intentions: one a pair of services, as Consul has them. */
import { type AgentIdentity, agentOf, changeOf, pairKey } from "../../../../src/model/intention.ts";
import type { Intention, Pair } from "../../../../src/model/intention.ts";
import { Topic } from "./topic.ts";

export class FakeIntentions {
  /** Moves when any changed. */
  readonly topic = new Topic();
  readonly #all = new Map<string, Intention>();

  all(): readonly Intention[] {
    return [...this.#all.values()].sort((a, b) => (pairKey(a) < pairKey(b) ? -1 : 1));
  }

  get(pair: Pair): Intention | undefined {
    return this.#all.get(pairKey(pair));
  }

  /** Somebody writes one. */
  put(intention: Intention): void {
    this.#all.set(pairKey(intention), intention);
    this.topic.bump();
  }

  remove(pair: Pair): void {
    if (this.#all.delete(pairKey(pair))) this.topic.bump();
  }

  clear(): void {
    this.#all.clear();
  }

  /** The verb of the port, reading and writing in one. */
  hold(who: AgentIdentity, pair: Pair, owners: readonly string[]): void {
    const change = changeOf(this.get(pair), agentOf(who), owners);
    const { source, destination } = pair;
    if (change.kind === "put") this.put({ source, destination, action: "allow", owners: change.owners });
    if (change.kind === "delete") this.remove(pair);
  }
}
