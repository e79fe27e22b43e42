/** What Consul shows of a service that was registered as asked. */
import type { AllocRef } from "../../src/model/container.ts";
import {
  type CheckSpec,
  type CheckState,
  type Registration,
  type ServiceSpec,
  sidecarId,
} from "../../src/model/registration.ts";

function shown(checks: readonly CheckSpec[]): readonly CheckState[] {
  return checks.map(({ id, status }) => ({ id, status, output: "" }));
}

/** The entry of the service, and that of its sidecar if it has one. */
export function entriesOf(spec: ServiceSpec, ref: AllocRef | undefined): readonly Registration[] {
  const { id, name, tags, meta, address, port, enableTagOverride, sidecar } = spec;
  const common = {
    ...(ref === undefined ? {} : { ref }),
    meta,
    enableTagOverride,
    inAgent: true,
    inCatalog: true,
    catalogStatus: "passing",
  } as const;
  const service: Registration = { ...common, id, kind: "", name, tags, address, port, checks: shown(spec.checks) };
  if (sidecar === undefined) return [service];
  return [
    service,
    {
      ...common,
      id: sidecarId(id),
      kind: "connect-proxy",
      name: `${name}-sidecar-proxy`,
      tags: sidecar.tags ?? tags,
      address: sidecar.address,
      port: sidecar.port,
      proxy: sidecar.proxy,
      checks: shown(sidecar.checks),
    },
  ];
}
