/** The function of regular expressions. */
import { define, wrong } from "./define.ts";
import type { HclFunction } from "./define.ts";
import { RegexMistake, replaceAll } from "./regex.ts";

/** What one step of matching costs in the budget's units. */
const STEP_COST = 2;

export const PATTERNS: readonly HclFunction[] = [
  define("regex_replace", {
    parameters: [
      { name: "text", wants: "string" },
      { name: "pattern", wants: "string" },
      { name: "replacement", wants: "string" },
    ],
    summary:
      "The text with every match of a regular expression (RE2's syntax) replaced; `$1` stands for its first group.",
    example: 'regex_replace("hello world", "(\\\\w+) (\\\\w+)", "$2 $1")',
    call([text, pattern, replacement], at) {
      try {
        return replaceAll(text, pattern, replacement, (work) => at.budget.spend(work * STEP_COST, at.range));
      } catch (error) {
        if (!(error instanceof RegexMistake)) throw error;
        throw wrong(at, 1, `The pattern of regex_replace() is not a regular expression: ${error.message}`);
      }
    },
  }),
];
