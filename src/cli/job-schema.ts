/** `remora schema`: the JSON Schema of YAML and JSON job files, for editors. */
import type { Command } from "commander";
import { jobSchema } from "../jobspec/schema/json-schema.ts";
import type { Context } from "./program.ts";

export function addSchema(program: Command, { io }: Context): void {
  program
    .command("schema")
    .description("Print the JSON Schema of job files in YAML and JSON, which editors complete and check them by.")
    .action(() => {
      io.stdout.write(`${JSON.stringify(jobSchema(), undefined, 2)}\n`);
    });
}
