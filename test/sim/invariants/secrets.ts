/** No secret in events, status, labels, environments or command lines. */
import type { World } from "../world.ts";
import type { Invariant, Report } from "./invariant.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** The status is looked at every so many steps, as it is long. */
const STATUS_EVERY = 200;

export function confinesSecrets(world: World, report: Report): Invariant {
  const inspected = new Set<string>();
  let steps = 0;
  const look = (value: unknown, where: string): void => {
    for (const [word] of JSON.stringify(value).matchAll(UUID))
      if (world.consul.acl.bySecret(word) !== undefined) report(`${where} holds a secret`);
  };
  return {
    onEvent: (event) => look(event, `the event ${event.kind}`),
    onStep: () => {
      for (const { id, spec } of world.docker.containers.values()) {
        if (inspected.has(id)) continue;
        inspected.add(id);
        const { env, labels, command, entrypoint } = spec;
        look({ env, labels, command, entrypoint }, `the container ${spec.name}`);
      }
      steps += 1;
      if (steps % STATUS_EVERY === 0) look([world.controller?.status(), world.controller?.conditions], "the status");
    },
  };
}
