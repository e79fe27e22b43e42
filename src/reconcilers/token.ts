/** The identity of a mesh service: one Local Service Identity token, whose accessor is known before it exists. */
import { tokenAccessor } from "../model/ids.ts";
import type { Service } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import { META, type Token } from "../model/registration.ts";
import { serviceId } from "./naming.ts";
import { joinDue, NOTHING_DUE, type AllocView, type Due } from "./view.ts";

/** Mesh services have an identity when ACLs are on; others never. */
export function needsIdentity(view: Pick<AllocView, "settings">, service: Service): boolean {
  return view.settings.aclsEnabled && service.connect !== undefined;
}

/** The living token of a service: that of the highest generation. */
export function currentToken(view: Pick<AllocView, "tokens">, service: string): Token | undefined {
  return view.tokens
    .filter((token) => token.service === service)
    .reduce<Token | undefined>(
      (best, token) => (best === undefined || token.generation > best.generation ? token : best),
      undefined,
    );
}

/** Mints what is missing; deletes an older generation once nothing uses it any more. */
export function planToken(view: AllocView, services: readonly Service[]): Due {
  return joinDue(services.filter((service) => needsIdentity(view, service)).map((service) => planOne(view, service)));
}

function planOne(view: AllocView, service: Service): Due {
  const current = currentToken(view, service.name);
  if (current === undefined) return mint(view, service);
  const older = view.tokens.filter(
    ({ service: name, generation }) => name === service.name && generation < current.generation,
  );
  if (older.length === 0 || !isInUse(view, service, current)) return NOTHING_DUE;
  return { steps: older.map(({ accessor }) => ({ kind: "delete-token", accessor })) };
}

function mint(view: AllocView, service: Service): Due {
  const generation = Math.max(-1, ...tracesOf(view, service)) + 1;
  const accessor = tokenAccessor(view.ref.alloc, service.name, generation);
  return {
    steps: [{ kind: "mint-token", token: { accessor, ref: view.ref, service: service.name, generation } }],
    waiting: `the token of ${service.name} is being minted`,
  };
}

/** Generations that were there once: a token that vanished is never minted again under its old accessor. */
function tracesOf(view: AllocView, service: Service): readonly number[] {
  const registered = view.registrations.get(serviceId(view.ref.alloc, view.group.name, service))?.meta[META.generation];
  const labelled = view.sidecars.get(service.name)?.labels[LABEL.generation];
  return [registered, labelled].flatMap((text) => (text === undefined ? [] : [Number(text)])).filter(Number.isInteger);
}

function isInUse(view: AllocView, service: Service, { generation }: Token): boolean {
  const id = serviceId(view.ref.alloc, view.group.name, service);
  return (
    view.registrations.get(id)?.meta[META.generation] === String(generation) &&
    view.sidecars.get(service.name)?.labels[LABEL.generation] === String(generation)
  );
}
