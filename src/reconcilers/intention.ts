/** The intentions of upstreams: which pairs this agent's part of the mark has to change in. Pure. */
import { changeOf, isCrowded, isOwnedBy, pairKey } from "../model/intention.ts";
import type { Intention, Pair } from "../model/intention.ts";
import type { Step } from "../model/step.ts";

/** A pair that jobs of this node need, with their owners' names in the mark. */
export interface Need {
  readonly pair: Pair;
  readonly owners: readonly string[];
}

export interface IntentionView {
  /** This agent's name in marks. */
  readonly agent: string;
  readonly needs: readonly Need[];
  /** Whether an owner of this agent's that nothing needs any more is to stay where it is marked. */
  readonly stays: (owner: string) => boolean;
  /** All intentions, whosever they are. */
  readonly intentions: readonly Intention[];
}

export interface IntentionPlan {
  readonly steps: readonly Extract<Step, { readonly kind: "hold-intention" }>[];
  /** Pairs that are used without a place in their mark, as it is full. */
  readonly crowded: readonly Pair[];
}

/** Every pair that is needed, or marked by this agent. */
export function planIntentions({ agent, needs, stays, intentions }: IntentionView): IntentionPlan {
  const there = new Map(intentions.map((intention) => [pairKey(intention), intention]));
  const wanted = new Map(needs.map((need) => [pairKey(need.pair), need]));
  const kept = intentions.filter(({ owners = [] }) => owners.some((owner) => isOwnedBy(owner, agent)));
  const pairs = new Map([...needs.map(({ pair }) => pair), ...kept].map((pair) => [pairKey(pair), pair]));
  const all = [...pairs].map(([key, { source, destination }]) => {
    const now = there.get(key);
    const staying = (now?.owners ?? []).filter((owner) => isOwnedBy(owner, agent) && stays(owner));
    const owners = [...new Set([...(wanted.get(key)?.owners ?? []), ...staying])].sort();
    return { pair: { source, destination }, owners, now };
  });
  return {
    steps: all
      .filter(({ now, owners }) => changeOf(now, agent, owners).kind !== "none")
      .map(({ pair, owners }) => ({ kind: "hold-intention", pair, owners })),
    crowded: all.filter(({ now, owners }) => isCrowded(now, agent, owners)).map(({ pair }) => pair),
  };
}
