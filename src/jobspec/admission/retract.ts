/** Nomad's API JSON of a job that runs there has in it what Nomad added; taken out again, it is the job as it was sent. */
import type { ObjectValue, Value } from "../tree.ts";

export function withoutInjected(job: ObjectValue): ObjectValue {
  return changed(job, "TaskGroups", (group) => {
    const plain = withoutNamespaces(group);
    return changed(withoutSidecars(plain), "Tasks", withoutNamespaces);
  });
}

/** Only what belongs to a service of the same group with a sidecar: its task, by the kind, and its dynamic port, by the label. */
function withoutSidecars(group: ObjectValue): ObjectValue {
  const meshed = new Set(itemsOf(group, "Services").flatMap((each) => (isMeshed(each) ? textOf(each, "Name") : [])));
  const tasks = itemsOf(group, "Tasks").map((task) => after("connect-proxy:", textOf(task, "Kind")));
  const injected = new Set(tasks.filter((service) => service !== "" && meshed.has(service)));
  if (injected.size === 0) return group;
  const isOwn = (key: string, prefix: string) => (item: Value) => !injected.has(after(prefix, textOf(item, key)));
  const rest = filtered(group, "Tasks", isOwn("Kind", "connect-proxy:"));
  return changed(rest, "Networks", (network) => filtered(network, "DynamicPorts", isOwn("Label", "connect-proxy-")));
}

/** Nomad's servers write the job's namespace into its services. */
function withoutNamespaces(owner: ObjectValue): ObjectValue {
  return changed(owner, "Services", (service) => {
    return { ...service, entries: service.entries.filter(({ key }) => key !== "Namespace") };
  });
}

function isMeshed(service: Value): boolean {
  return valueOf(valueOf(service, "Connect"), "SidecarService")?.kind === "object";
}

function after(prefix: string, text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : "";
}

function valueOf(value: Value | undefined, key: string): Value | undefined {
  return value?.kind === "object" ? value.entries.find((entry) => entry.key === key)?.value : undefined;
}

function textOf(value: Value, key: string): string {
  const text = valueOf(value, key);
  return text?.kind === "string" ? text.value : "";
}

function itemsOf(value: Value, key: string): readonly Value[] {
  const list = valueOf(value, key);
  return list?.kind === "list" ? list.items : [];
}

/** What is no list, or holds no object, is left for the table to refuse. */
function changed(object: ObjectValue, key: string, change: (item: ObjectValue) => ObjectValue): ObjectValue {
  return withItems(object, key, (items) => items.map((item) => (item.kind === "object" ? change(item) : item)));
}

function filtered(object: ObjectValue, key: string, keep: (item: Value) => boolean): ObjectValue {
  return withItems(object, key, (items) => items.filter(keep));
}

function withItems(
  object: ObjectValue,
  key: string,
  change: (items: readonly Value[]) => readonly Value[],
): ObjectValue {
  const entries = object.entries.map((entry) => {
    const { value } = entry;
    return entry.key === key && value.kind === "list"
      ? { ...entry, value: { ...value, items: change(value.items) } }
      : entry;
  });
  return { ...object, entries };
}
