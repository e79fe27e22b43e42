/** The rules for constraints (Nomad's). */
import type { Part } from "./part.ts";
import { comparisonOf, judgeAttribute, judgeOperator, TARGETS } from "./targets.ts";
import type { Comparison } from "./targets.ts";

const SHORT = ["version", "semver", "regexp", "set_contains"] as const;
const DISTINCT = ["distinct_hosts", "distinct_property"];
const PRESENCE = ["is_set", "is_not_set"];
const MAX_UINT64 = 2n ** 64n - 1n;

export function judgeConstraint(part: Part, level: "job" | "group" | "task"): void {
  if (!part.isSure(...TARGETS, ...SHORT, ...DISTINCT)) return;
  const comparison = written(part);
  if (level === "task" && DISTINCT.includes(comparison.operator)) {
    const detail = "It is about whole allocations: move the constraint to the group";
    part.refuse(comparison.at.operator, `A task cannot have a constraint on ${comparison.operator}`, detail);
  }
  judgeOperator(part, comparison, [...DISTINCT, ...PRESENCE]);
  if (comparison.operator === "distinct_hosts") return;
  judgeAttribute(part, "A constraint", comparison);
  if (comparison.operator === "distinct_property") judgeCount(part, comparison);
  if (PRESENCE.includes(comparison.operator) && comparison.value !== "") {
    part.refuse(comparison.at.value, `The operator "${comparison.operator}" takes no value`, "Take value out");
  }
}

function written(part: Part): Comparison {
  const comparison = comparisonOf(part, SHORT);
  const { at } = comparison;
  if (part.text("distinct_property") !== "") {
    const name = "distinct_property";
    return {
      ...comparison,
      operator: name,
      attribute: part.text(name),
      at: { ...at, operator: name, attribute: name },
    };
  }
  if (!part.has("distinct_hosts")) return comparison;
  return { ...comparison, operator: "distinct_hosts", at: { ...at, operator: "distinct_hosts" } };
}

/** How many allocations may share one value of the property. */
function judgeCount(part: Part, { value, at }: Comparison): void {
  if (value === "") return;
  const isCount = /^\d+$/.test(value) && value.length <= 20 && BigInt(value) >= 1n && BigInt(value) <= MAX_UINT64;
  if (!isCount) part.refuse(at.value, `The value of distinct_property is how many may share it, not "${value}"`);
}
