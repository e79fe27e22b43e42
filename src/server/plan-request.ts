/** Reading what `remora plan` sends: its shape is checked, its jobs are taken as the same version of Remora has parsed them. */
import type { PlannedFile, PlanRequest } from "../model/plan.ts";

/** undefined if it is none. */
export function readPlanRequest(text: string): PlanRequest | undefined {
  let read: Partial<PlanRequest> | null;
  try {
    read = JSON.parse(text) as Partial<PlanRequest> | null;
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null) return undefined;
  const { version, files, whole, sensitive } = read;
  if (typeof version !== "string" || typeof whole !== "boolean" || !isTexts(sensitive)) return undefined;
  if (files === undefined) return { version, whole, sensitive };
  return isList(files) && files.every(isFile) ? { version, files, whole, sensitive } : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return isList(value) && value.every((item) => typeof item === "string");
}

function isFile(value: unknown): value is PlannedFile {
  if (typeof value !== "object" || value === null) return false;
  const { path, hash, job, diagnostics } = value as Partial<PlannedFile>;
  const isNamed = [path, hash, job?.id].every((text) => typeof text === "string");
  return isNamed && isList(job?.groups) && isList(diagnostics);
}
