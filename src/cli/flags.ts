/** Flags and their help, made from the schema. */
import { Option } from "commander";
import type { Command } from "commander";
import { OPTIONS } from "./schema.ts";
import type { OptionFacts, OptionKey } from "./schema.ts";

/** Adds the flags of these options, and `--config`. */
export function addOptionFlags(command: Command, keys: readonly OptionKey[]): Command {
  command.option("--config <file>", "YAML file of options: the flags' names as keys. [env: REMORA_CONFIG]");
  for (const facts of OPTIONS.filter(({ key }) => keys.includes(key))) {
    if (facts.flag !== false) command.addOption(new Option(`--${facts.name} <${facts.placeholder}>`, helpOf(facts)));
  }
  return command;
}

/** What cannot be a flag, for the end of the help. */
export function helpOnOthers(keys: readonly OptionKey[]): string {
  const others = OPTIONS.filter(({ key, flag }) => keys.includes(key) && flag === false);
  const lines = others.map((facts) => `  ${facts.name}: ${helpOf(facts)}`);
  return ["", "Only in the environment or in the file:", ...lines].join("\n");
}

function helpOf(facts: OptionFacts): string {
  const notes = [`env: ${facts.variables.join(", ")}`];
  const without = facts.default ?? facts.otherwise;
  if (without !== undefined) notes.push(`default: ${without}`);
  return `${facts.description} [${notes.join("; ")}]`;
}
