/** The rules for the bounds of an autoscaler (Nomad's). */
import { duplicates } from "./part.ts";
import type { Part } from "./part.ts";

export function judgeScaling(group: Part, scaling: Part): void {
  scaling.notNegative("min");
  scaling.notNegative("max");
  if (!scaling.isSure("min", "max") || !group.isSure("count") || !scaling.has("max")) return;
  const max = scaling.number("max");
  const least = scaling.has("min") ? scaling.number("min") : undefined;
  if (least !== undefined && least > max && max >= 0)
    return scaling.refuse("max", `max cannot be less than min, which is ${least}`);
  judgeCount(group, { least, max });
}

interface Bounds {
  readonly least: number | undefined;
  readonly max: number;
}

/** Without a count, it is min, or 1. */
function judgeCount(group: Part, { least, max }: Bounds): void {
  const count = group.has("count") ? group.number("count") : (least ?? 1);
  const detail = "Change count, or the bounds in the scaling block";
  const at = group.has("count") ? "count" : "scaling";
  if (count > max && max >= 0)
    group.refuse(at, `The count ${count} is more than max of scaling, which is ${max}`, detail);
  if (least !== undefined && count < least) {
    group.refuse(at, `The count ${count} is less than min of scaling, which is ${least}`, detail);
  }
}

/** One for cpu and one for mem, in either case. */
export function judgeTaskScaling(blocks: readonly Part[]): void {
  duplicates(
    blocks,
    ({ label }) => label.toLowerCase(),
    (block, label, first) => {
      block.refuse(undefined, `There is another scaling block for "${label}" in this task`, undefined, first);
    },
  );
}
