/** What the benches found, as text: ratios first, then the raw values, then where the time goes. */
import type { ColdStarts, Contender } from "./cold-start.ts";
import { SERVICES } from "./cold-start.ts";
import type { Growth, Work } from "./growth.ts";
import type { Hostile } from "./hostile.ts";
import type { Idle } from "./idle.ts";
import { KINDS, PHASES } from "./milestones.ts";
import type { Machine } from "./machine.ts";
import type { Parsing } from "./parsing.ts";
import type { Repair, Repairs } from "./repair.ts";
import { median, ratioOfMedians, spread } from "./stats.ts";
import { number, table } from "./table.ts";

export function machineText(machine: Machine, loadAfter: number): string {
  const { node, docker, consul, kernel, remora, cores, memoryGib, load, calibrationMs } = machine;
  return [
    `Remora ${remora}, Node ${node}, Docker ${docker}, Consul ${consul}, Linux ${kernel}, ${cores} cores, ${memoryGib} GiB`,
    `load average ${number(load, 2)} before and ${number(loadAfter, 2)} after; one core hashes 64 MiB in ${number(calibrationMs, 1)} ms`,
  ].join("\n");
}

/** One line for each comparison: the ratio of the medians with its 95 % interval. */
export function ratiosText(cold: ColdStarts, repairs: Repairs): string {
  const { remora, floor, bare } = cold.answer;
  const rows = [
    ratioRow("cold start, against the floor", remora, floor),
    ratioRow("cold start, against the bare sequence", remora, bare),
    ratioRow("floor against the bare sequence", floor, bare),
    ...repairRows(repairs).map(([name, { remora: ours, floor: theirs }]) => ratioRow(name, ours, theirs)),
  ];
  return table(["median / median", "ratio", "95 % from", "to"], rows);
}

function ratioRow(name: string, a: readonly number[], b: readonly number[]): readonly string[] {
  const { ratio, low, high } = ratioOfMedians(a, b);
  return [name, number(ratio, 2), number(low, 2), number(high, 2)];
}

function repairRows({ service, check, sidecar }: Repairs): readonly (readonly [string, Repair])[] {
  return [
    ["service deregistered, until in rotation", service],
    ["check deleted, until in the catalog", check],
    ["sidecar killed, until an answer", sidecar],
  ];
}

export function spreadText(cold: ColdStarts, repairs: Repairs): string {
  const rows = [
    spreadRow("cold start: Remora", cold.answer.remora),
    spreadRow("cold start: floor", cold.answer.floor),
    spreadRow("cold start: bare sequence", cold.answer.bare),
    ...repairRows(repairs).flatMap(([name, { remora, floor }]) => [
      spreadRow(`${name}: Remora`, remora),
      spreadRow(`${name}: floor`, floor),
    ]),
  ];
  return table(["milliseconds", "n", "p50", "p95", "min", "max"], rows);
}

function spreadRow(name: string, values: readonly number[]): readonly string[] {
  const { n, p50, p95, min, max } = spread(values);
  return [name, String(n), ...[p50, p95, min, max].map((value) => number(value))];
}

/** Medians of each phase, for both groups and both contenders that have all phases. */
export function phasesText({ starts }: ColdStarts): string {
  const of = (who: Contender, service: string, phase: (typeof PHASES)[number]): number =>
    median(starts[who].map(({ phases }) => phases[service]?.[phase] ?? Number.NaN));
  const rows = PHASES.map((phase) => [
    phase,
    ...SERVICES.flatMap((service) => {
      const [ours, theirs] = [of("remora", service, phase), of("floor", service, phase)];
      return [number(ours), number(theirs), number(ours - theirs)];
    }),
  ]);
  const head = SERVICES.flatMap((service) => [service.replace("count-", ""), "floor", "more"]);
  return table(["where the time goes, ms", ...head], rows);
}

/** What was under way until the first answer. */
export function sharesText({ starts }: ColdStarts): string {
  const of = (who: Contender, kind: (typeof KINDS)[number]): number =>
    median(starts[who].map(({ shares }) => shares[kind]));
  const rows = KINDS.map((kind) => [
    kind,
    ...(["remora", "floor", "bare"] as const).map((who) => number(of(who, kind))),
  ]);
  return table(["under way until the answer, ms", "Remora", "floor", "bare"], rows);
}

/** Calls of one start, by route, side by side. */
export function callsText({ starts }: ColdStarts): string {
  const routes = [...new Set([...starts.remora, ...starts.floor].flatMap(({ calls }) => [...calls.keys()]))].sort();
  const of = (who: Contender, route: string): number => median(starts[who].map(({ calls }) => calls.get(route) ?? 0));
  const rows = routes.map((route) => [
    route,
    ...(["remora", "floor", "bare"] as const).map((who) => number(of(who, route))),
  ]);
  return table(["calls of one start (median)", "Remora", "floor", "bare"], rows);
}

export function idleText(idle: Idle): string {
  const calls = [...idle.calls].sort(([, a], [, b]) => b - a).map(([route, count]) => [route, number(count, 1)]);
  const total = [...idle.calls.values()].reduce((sum, count) => sum + count, 0);
  const traffic = Object.entries(idle.traffic).map(([api, { connections, received, sent }]) => [
    `${api}: new connections, KiB sent, KiB received`,
    `${connections}, ${number(received / 1024)}, ${number(sent / 1024)}`,
  ]);
  const induced = Object.entries(idle.induced).map(([name, { awake, still }]) => [
    `CPU seconds of ${name}, of them without the agent`,
    `${number(awake, 2)}, ${number(still, 2)}`,
  ]);
  const rows = [
    ...calls,
    ["all calls", number(total, 1)],
    ["of them writes", String(idle.writes)],
    ["calls of the sidecars, for comparison", number(idle.sidecarCalls, 1)],
    ...traffic,
    ["CPU seconds of the agent", number(idle.agentCpuSeconds, 2)],
    ["memory of the agent, MiB", number(idle.agentMib)],
    ...induced,
  ];
  return table([`an idle minute (over ${idle.seconds} s)`, ""], rows);
}

/** Remora's own work alone; the listing is the floor, which has to grow with what is listed. */
export function growthText({ groups, milliseconds, exponents }: Growth): string {
  const works = Object.keys(milliseconds) as Work[];
  const rows = works.map((work) => [
    work,
    ...milliseconds[work].map((value) => number(value, 1)),
    number(exponents[work], 2),
  ]);
  return table(["own work, ms, by number of groups", ...groups.map(String), "exponent"], rows);
}

/** Ours beside HCL's own parser on the same text; ours ends with a judged job, the other's with JSON. */
export function parsingText({ first, readings }: Parsing): string {
  const rows = readings.map(({ name, bytes, ms }) => {
    const { ratio, low, high } = ratioOfMedians(ms.remora, ms.hcl);
    // Bytes a millisecond are kilobytes a second.
    const [ours, theirs] = [median(ms.remora), median(ms.hcl)];
    const speeds = [ours, theirs].map((each) => number(bytes / each / 1_000, 1));
    return [
      `${name}, ${bytes} bytes`,
      number(ours, 2),
      number(theirs, 2),
      ...speeds,
      ...[ratio, low, high].map((each) => number(each, 2)),
    ];
  });
  const head = ["reading job files", "ms", "HCL, ms", "MB/s", "HCL, MB/s", "ratio", "95 % from", "to"];
  return `${table(head, rows)}\nthe first file that a process reads, the large one: ${number(first)} ms`;
}

export function hostileText({ files, reading, formatting, mib }: Hostile): string {
  const rows = [
    [`slowest to read: ${reading.name}`, number(reading.ms)],
    [`slowest to format: ${formatting.name}`, number(formatting.ms)],
    ["most memory that reading took, MiB", number(mib)],
  ];
  return table([`${files} hostile files of up to 1 MiB`, "ms"], rows);
}
