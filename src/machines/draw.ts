/** The chart of a service's life as a Mermaid drawing, for the docs. */
import { serviceChart } from "./service.ts";

/** One line a state and a transition, in the order of the chart. */
export function drawChart(): string {
  const lines = ["stateDiagram-v2", "    [*] --> sorting"];
  for (const [name, node] of Object.entries(serviceChart.states)) {
    const description = node.description === undefined ? name : `${name}: ${node.description}`;
    lines.push(`    ${name}: ${description}`);
    for (const transition of [...(node.always ?? []), ...[...node.transitions.values()].flat()]) {
      for (const target of transition.target ?? [])
        lines.push(`    ${name} --> ${target.key}${label(transition.guard)}`);
    }
  }
  return [...lines, ""].join("\n");
}

function label(guard: unknown): string {
  return typeof guard === "string" ? `: ${guard}` : "";
}
