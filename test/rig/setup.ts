/** Vitest's global set-up: the rig stands before the first file and is closed after the last. */
import type { TestProject } from "vitest/node";
import { setupRig } from "./rig.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { facts, close } = await setupRig();
  project.provide("rig", facts);
  return close;
}
