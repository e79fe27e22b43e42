/** References to upstreams and ports that a group does not have: at run time they would stay as they are written. */
import { cleanEnvName, referencesIn } from "../../model/interpolate.ts";
import type { Job, TaskGroup } from "../../model/job.ts";
import { proxyPortLabel } from "../../model/sidecar.ts";
import { exposedOf } from "../admission/expose.ts";
import { closest } from "../suggest.ts";
import type { Judge } from "./judge.ts";

const NAMED = /^(NOMAD_(?:(UPSTREAM_)(?:ADDR|IP|PORT)|(?:HOST_)?(?:ADDR|IP|PORT)|ALLOC_PORT)_)(.+)$/;
/** As a template refers to a variable. */
const IN_TEMPLATE = /\benv\s+"(NOMAD_[^"]+)"/g;

interface Names {
  readonly ports: readonly string[];
  readonly upstreams: readonly string[];
}

export function judgeReferences(judge: Judge, job: Job): void {
  for (const group of job.groups) visit(judge, namesOf(group), group, "", group);
}

/** Ports that admission adds may be referred to as well. */
function namesOf(group: TaskGroup): Names {
  const meshed = group.services.filter(({ connect }) => connect !== undefined);
  return {
    ports: [
      ...group.network.ports.map(({ label }) => label),
      ...meshed.map(proxyPortLabel),
      ...meshed.flatMap((service) => exposedOf(group, service).map(({ path }) => path.listenerPort)),
    ],
    upstreams: meshed.flatMap(({ connect }) =>
      (connect?.sidecarService.proxy.upstreams ?? []).map(({ destinationName }) => destinationName),
    ),
  };
}

/** `part` is the nearest part of the job with a place of its own; `argument` leads from there to the value. */
function visit(judge: Judge, names: Names, part: object, argument: string, value: unknown): void {
  if (typeof value === "string") return judgeText(judge, names, part, argument, value);
  if (typeof value !== "object" || value === null) return;
  const isPart = value !== part && judge.isPlaced(value);
  const [owner, path] = isPart ? [value, ""] : [part, argument];
  for (const [key, inner] of Object.entries(value))
    if (mayRefer(inner)) visit(judge, names, owner, path === "" ? snakeCase(key) : `${path}.${key}`, inner);
}

/** Nearly all values do not, and need no path made for them. */
function mayRefer(value: unknown): boolean {
  return typeof value === "string" ? value.includes("${") || value.includes("{{") : typeof value === "object";
}

function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function judgeText(judge: Judge, names: Names, part: object, argument: string, text: string): void {
  const inTemplate = text.includes("{{") ? [...text.matchAll(IN_TEMPLATE)].map(([, name = ""]) => name) : [];
  for (const reference of new Set([...(text.includes("${") ? referencesIn(text) : []), ...inTemplate])) {
    const [, prefix = "", upstream, name = ""] = NAMED.exec(reference) ?? [];
    const known = upstream === undefined ? names.ports : names.upstreams;
    if (name === "" || known.some((each) => each === name || cleanEnvName(each) === name)) continue;
    const what = upstream === undefined ? "port" : "upstream";
    judge.warn(part, argument, `"${reference}" names no ${what} of this group`, hint(prefix, name, known, what));
  }
}

function hint(prefix: string, name: string, known: readonly string[], what: string): string {
  const cleaned = known.map(cleanEnvName);
  const best = closest(name, cleaned);
  if (best !== undefined) return `Did you mean "${prefix}${best}"?`;
  if (cleaned.length === 0) return `The group has no ${what}; the text would stay as it is written`;
  return `It has ${cleaned.map((each) => `"${prefix}${each}"`).join(", ")}`;
}
