/** The rules by which Envoy cuts Consul's names out of its statistics, per dialect (data of `consul connect envoy`). */
import type { StatsTag } from "../model/proxy-config.ts";
import type { Dialect } from "./input.ts";

/** One segment of a name. */
const S = "[^.]+";

/** A cluster's name in Consul < 1.10: `[hash~][subset.]service.namespace.datacenter.routing.domain.consul`. */
const CLUSTER_V2: readonly (readonly [string, string])[] = [
  ["custom_hash", `((?:(${S})~)?(?:${S}\\.)?${S}\\.${S}\\.${S}\\.${S}\\.${S}\\.consul\\.)`],
  ["service_subset", `((?:${S}~)?(?:(${S})\\.)?${S}\\.${S}\\.${S}\\.${S}\\.${S}\\.consul\\.)`],
  ["service", `((?:${S}~)?(?:${S}\\.)?(${S})\\.${S}\\.${S}\\.${S}\\.${S}\\.consul\\.)`],
  ["namespace", `((?:${S}~)?(?:${S}\\.)?${S}\\.(${S})\\.${S}\\.${S}\\.${S}\\.consul\\.)`],
  ["datacenter", `((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.(${S})\\.${S}\\.${S}\\.consul\\.)`],
  ["routing_type", `((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.${S}\\.(${S})\\.${S}\\.consul\\.)`],
  ["trust_domain", `((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.${S}\\.${S}\\.(${S})\\.consul\\.)`],
  ["target", `(((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.${S})\\.${S}\\.${S}\\.consul\\.)`],
  ["full_target", `(((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.${S}\\.${S}\\.${S})\\.consul\\.)`],
];

/** The same with an optional partition after the namespace. The flag: the name existed before 1.9 and is told under it too. */
const CLUSTER_V3: readonly (readonly [string, string, boolean])[] = [
  ["custom_hash", `((?:(${S})~)?(?:${S}\\.)?${S}\\.${S}\\.(?:${S}\\.)?${S}\\.${S}\\.${S}\\.consul\\.)`, true],
  ["service_subset", `((?:${S}~)?(?:(${S})\\.)?${S}\\.${S}\\.(?:${S}\\.)?${S}\\.${S}\\.${S}\\.consul\\.)`, true],
  ["service", `((?:${S}~)?(?:${S}\\.)?(${S})\\.${S}\\.(?:${S}\\.)?${S}\\.${S}\\.${S}\\.consul\\.)`, true],
  ["namespace", `((?:${S}~)?(?:${S}\\.)?${S}\\.(${S})\\.(?:${S}\\.)?${S}\\.${S}\\.${S}\\.consul\\.)`, true],
  ["partition", `((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.(?:(${S})\\.)?${S}\\.internal[^.]*\\.${S}\\.consul\\.)`, false],
  ["datacenter", `((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.(?:${S}\\.)?(${S})\\.internal[^.]*\\.${S}\\.consul\\.)`, true],
  ["peer", `(${S}\\.(?:${S}\\.)?(${S})\\.external\\.${S}\\.consul\\.)`, false],
  ["routing_type", `((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.(?:${S}\\.)?${S}\\.(${S})\\.${S}\\.consul\\.)`, true],
  ["trust_domain", `((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.(?:${S}\\.)?${S}\\.${S}\\.(${S})\\.consul\\.)`, true],
  ["target", `(((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.(?:${S}\\.)?${S})\\.${S}\\.${S}\\.consul\\.)`, true],
  ["full_target", `(((?:${S}~)?(?:${S}\\.)?${S}\\.${S}\\.(?:${S}\\.)?${S}\\.${S}\\.${S})\\.consul\\.)`, true],
];

const UPSTREAM_V3: readonly (readonly [string, string])[] = [
  ["service", `^(?:tcp|http)\\.upstream(?:_peered)?\\.((${S})(?:\\.${S})?(?:\\.${S})?\\.${S}\\.)`],
  ["datacenter", `^(?:tcp|http)\\.upstream\\.(${S}(?:\\.${S})?(?:\\.${S})?\\.(${S})\\.)`],
  ["peer", `^(?:tcp|http)\\.upstream_peered\\.(${S}(?:\\.${S})?\\.(${S})\\.)`],
  ["namespace", `^(?:tcp|http)\\.upstream(?:_peered)?\\.(${S}(?:\\.(${S}))?(?:\\.${S})?\\.${S}\\.)`],
  ["partition", `^(?:tcp|http)\\.upstream\\.(${S}(?:\\.${S})?(?:\\.(${S}))?\\.${S}\\.)`],
];

/** A peer is no passthrough target. */
function destination([name, rest]: readonly [string, string, boolean]): StatsTag {
  const start = name === "peer" ? "^cluster\\." : "^cluster\\.(?:passthrough~)?";
  return { tag_name: `consul.destination.${name}`, regex: `${start}${rest}` };
}

/** What is cut out of names, whatever the proxy. */
export function nameTags(dialect: Dialect): readonly StatsTag[] {
  const plain = (name: string, rest: string): StatsTag => ({ tag_name: `consul.${name}`, regex: `^cluster\\.${rest}` });
  if (dialect === "v2") return CLUSTER_V2.map(([name, rest]) => plain(name, rest));
  return [
    ...CLUSTER_V3.map(destination),
    ...UPSTREAM_V3.map(([name, regex]): StatsTag => ({ tag_name: `consul.upstream.${name}`, regex })),
    ...CLUSTER_V3.filter(([, , isOld]) => isOld).map(([name, rest]) => plain(name, rest)),
  ];
}
