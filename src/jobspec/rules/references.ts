/** References to upstreams and ports that a group does not have: at run time they would stay as they are written. */
import { cleanEnvName, referencesIn } from "../../model/interpolate.ts";
import type { Job, TaskGroup, Upstream } from "../../model/job.ts";
import { proxyPortLabel } from "../../model/sidecar.ts";
import { exposureOf } from "../admission/expose.ts";
import { closest } from "../suggest.ts";
import type { Judge } from "./judge.ts";

const NAMED = /^(NOMAD_(?:(UPSTREAM_)(?:ADDR|IP|PORT)|(?:HOST_)?(?:ADDR|IP|PORT)|ALLOC_PORT)_)(.+)$/;
/** As a template refers to a variable. */
const IN_TEMPLATE = /\benv\s+"(NOMAD_[^"]+)"/g;

/** More warnings than are shown help nobody, and each costs the search for what was meant. */
const MOST = 50;

interface Names {
  /** Some of them could not be read, so that none is certain to be missing. */
  readonly partial: boolean;
  /** As they may be written. */
  readonly all: ReadonlySet<string>;
  /** As shells take them. */
  readonly cleaned: readonly string[];
}

export function judgeReferences(judge: Judge, job: Job): void {
  const seen: Seen = { judge, left: MOST };
  for (const group of job.groups) visit(seen, namesOf(judge, group), { part: group, argument: "" }, group);
}

/** Ports that admission adds may be referred to as well. */
function namesOf(judge: Judge, group: TaskGroup): { readonly port: Names; readonly upstream: Names } {
  const meshed = group.services.filter(({ connect }) => connect !== undefined);
  const ports = [
    ...group.network.ports.map(({ label }) => label),
    ...meshed.map(proxyPortLabel),
    ...meshed.flatMap((service) => exposureOf(group, service).paths.map(({ path }) => path.listenerPort)),
  ];
  const upstreams = meshed.flatMap(({ connect }) => connect?.sidecarService.proxy.upstreams ?? []);
  const partial = meshPartsOf(group).some((part) => !judge.isWhole(part));
  return {
    port: names(ports, partial || !judge.isWhole(group.network)),
    upstream: names(
      upstreams.map(({ destinationName }) => destinationName),
      partial || upstreams.some((upstream) => !isNamed(judge, upstream)),
    ),
  };
}

/** Not where the name has an error, or is one that no service can have. */
function isNamed(judge: Judge, upstream: Upstream): boolean {
  return judge.given(upstream, "destination_name") && /^[\w.-]+$/.test(upstream.destinationName);
}

/** Where upstreams, and ports that admission adds, are written. */
function meshPartsOf(group: TaskGroup): readonly object[] {
  const inner = group.services.flatMap(({ connect }) => {
    return connect === undefined ? [] : [connect, connect.sidecarService, connect.sidecarService.proxy];
  });
  return [group, ...group.services, ...inner];
}

function names(written: readonly string[], partial: boolean): Names {
  const cleaned = written.map(cleanEnvName);
  return { all: new Set([...written, ...cleaned]), cleaned, partial };
}

interface Seen {
  readonly judge: Judge;
  left: number;
}

/** The nearest part of the job with a place of its own; `argument` leads from there to the value. */
interface Spot {
  readonly part: object;
  readonly argument: string;
}

type Known = ReturnType<typeof namesOf>;

function visit(seen: Seen, known: Known, spot: Spot, value: unknown): void {
  if (typeof value === "string") return judgeText(seen, known, spot, value);
  if (typeof value !== "object" || value === null) return;
  const { part, argument } = seen.judge.isPlaced(value) ? { part: value, argument: "" } : spot;
  for (const [key, inner] of Object.entries(value))
    if (mayRefer(inner))
      visit(seen, known, { part, argument: argument === "" ? snakeCase(key) : `${argument}.${key}` }, inner);
}

/** Nearly all values do not, and need no path made for them. */
function mayRefer(value: unknown): boolean {
  return typeof value === "string" ? value.includes("${") || value.includes("{{") : typeof value === "object";
}

function snakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function judgeText(seen: Seen, known: Known, { part, argument }: Spot, text: string): void {
  const inTemplate = text.includes("{{") ? [...text.matchAll(IN_TEMPLATE)].map(([, name = ""]) => name) : [];
  for (const reference of new Set([...(text.includes("${") ? referencesIn(text) : []), ...inTemplate])) {
    const [, prefix = "", upstream, name = ""] = NAMED.exec(reference) ?? [];
    const what = upstream === undefined ? "port" : "upstream";
    if (name === "" || known[what].partial || known[what].all.has(name) || seen.left === 0) continue;
    seen.left -= 1;
    const summary = `"${reference}" names no ${what} of this group`;
    seen.judge.warn(part, argument, summary, hint(prefix, name, known[what].cleaned, what));
  }
}

function hint(prefix: string, name: string, cleaned: readonly string[], what: string): string {
  const best = closest(name, cleaned);
  if (best !== undefined) return `Did you mean "${prefix}${best}"?`;
  if (cleaned.length === 0) return `The group has no ${what}; the text would stay as it is written`;
  return `It has ${cleaned.map((each) => `"${prefix}${each}"`).join(", ")}`;
}
