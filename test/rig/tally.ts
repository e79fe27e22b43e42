/** A Vitest reporter that ends a run with one plain line: how many tests passed and how many failed. */
import type { Reporter, TestModule } from "vitest/node";
import { print } from "./say.ts";

export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const skipped = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
    print(`${count("passed")} passed, ${count("failed") + broken} failed${skipped}`);
  }
}
