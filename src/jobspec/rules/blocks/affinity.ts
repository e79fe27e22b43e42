/** The rules for affinities and spreads: what allocations are better placed by (Nomad's). */
import { duplicates } from "./part.ts";
import type { Part } from "./part.ts";
import { comparisonOf, judgeAttribute, judgeOperator, TARGETS } from "./targets.ts";

const SHORT = ["version", "semver", "regexp", "set_contains_any", "set_contains_all", "set_contains"] as const;
const MAX_WEIGHT = 100;

/** Nomad's system jobs run everywhere, so it refuses to prefer a place for them. */
export function refuseForSystem(part: Part, type: string): void {
  part.refuse(undefined, `A system job cannot have ${type}`, `It runs on every host: take the ${type} block out`);
}

export function judgeAffinity(part: Part): void {
  if (part.isSure(...TARGETS, ...SHORT)) judgeComparison(part);
  const weight = part.number("weight");
  if (!part.isSure("weight") || (weight !== 0 && Math.abs(weight) <= MAX_WEIGHT)) return;
  part.refuse("weight", "The weight of an affinity must be between -100 and 100, and not 0");
}

function judgeComparison(part: Part): void {
  const comparison = comparisonOf(part, SHORT);
  judgeOperator(part, comparison, []);
  judgeAttribute(part, "An affinity", comparison);
}

export function judgeSpread(part: Part): void {
  if (part.isSure("attribute") && part.text("attribute") === "") {
    part.refuse("attribute", "A spread needs an attribute", 'Write attribute = "${node.datacenter}" or another');
  }
  const weight = part.number("weight");
  if (part.isSure("weight") && (weight <= 0 || weight > MAX_WEIGHT)) {
    part.refuse("weight", "The weight of a spread must be between 1 and 100");
  }
  judgeTargets(part, part.all("target"));
}

function judgeTargets(spread: Part, targets: readonly Part[]): void {
  duplicates(
    targets,
    ({ label }) => label,
    (target, label, first) =>
      target.refuse(undefined, `There is another target "${label}" in this spread`, undefined, first),
  );
  const shares = targets.map((target) => target.number("percent"));
  const tooLarge = targets.find((target) => target.number("percent") > MAX_WEIGHT);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (tooLarge !== undefined) return tooLarge.refuse("percent", "percent must be between 0 and 100");
  if (sum > MAX_WEIGHT) spread.refuse("target", `The targets' shares are ${sum}% together`, "They can be 100% at most");
}
