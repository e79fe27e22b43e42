/** What the floor sends: the bodies of the agent's own calls, recorded in this run, under new ids. */
import type { Call } from "./calls.ts";

/** The calls that bring one group of countdash up, as the agent made them. */
export interface GroupTemplate {
  readonly group: string;
  readonly service: string;
  readonly alloc: string;
  readonly accessor: string;
  /** Id of the recorded infra container, which the others name. */
  readonly infraId: string;
  /** JSON texts of bodies. */
  readonly token: string;
  readonly containers: Readonly<Record<"infra" | "sidecar" | "task", { readonly name: string; readonly body: string }>>;
  readonly gated: string;
  readonly open: string;
  /** Directory in the infra container into which the token goes. */
  readonly secrets: string;
  readonly looks: Looks;
}

/** Where to look whether sidecar and app are ready. */
export interface Looks {
  /** Bound by the sidecar, in the namespace. */
  readonly sidecarPorts: readonly number[];
  readonly appPort: number;
  /** The sidecar's public address. */
  readonly address: string;
  readonly port: number;
}

interface CreateBody {
  readonly Labels: Readonly<Record<string, string>>;
  readonly Cmd: readonly string[];
}

interface RegisterBody {
  readonly Name: string;
  readonly Connect: {
    readonly SidecarService: {
      readonly Address: string;
      readonly Port: number;
      readonly Proxy: {
        readonly LocalServicePort: number;
        readonly Upstreams: readonly { readonly LocalBindPort: number }[];
      };
    };
  };
}

/** The templates of the groups with these services, from all calls of one start. */
export function templatesOf(calls: readonly Call[], services: readonly string[]): readonly GroupTemplate[] {
  const done = calls.filter(({ status = 0, caller }) => status < 300 && caller === "remora");
  return services.map((service) => templateOf(done, service));
}

function templateOf(calls: readonly Call[], service: string): GroupTemplate {
  const registrations = calls.filter((call) => isRegistration(call, service));
  const [gated, open] = [demand(registrations[0]?.body), demand(registrations.at(-1)?.body)];
  const token = demand(calls.find((call) => isToken(call) && call.body?.includes(` service=${service} `))?.body);
  const { remoraAlloc: alloc, remoraGroup: group } = metaOf(gated);
  const created = calls.filter((call) => isCreate(call) && call.body?.includes(alloc));
  const find = (role: string): Call => demand(created.find((call) => labelsOf(call)["io.remora.role"] === role));
  const [infra, sidecar, task] = [find("infra"), find("sidecar"), find("task")];
  const infraId = (JSON.parse(demand(infra.answer)) as { readonly Id: string }).Id;
  const put = demand(calls.find(({ url }) => url.includes(infraId) && url.includes("/archive?")));
  const entry = (call: Call): { name: string; body: string } => ({
    name: demand(new URL(call.url, "http://docker").searchParams.get("name") ?? undefined),
    body: demand(call.body),
  });
  return {
    group,
    service,
    alloc,
    infraId,
    token,
    gated,
    open,
    accessor: (JSON.parse(token) as { readonly AccessorID: string }).AccessorID,
    containers: { infra: entry(infra), sidecar: entry(sidecar), task: entry(task) },
    secrets: demand(new URL(put.url, "http://docker").searchParams.get("path") ?? undefined),
    looks: looksOf(open, demand(sidecar.body)),
  };
}

export function isCreate({ route }: Call): boolean {
  return route === "POST /containers/create";
}

export function isToken({ route }: Call): boolean {
  return route === "PUT /v1/acl/token";
}

export function isRegistration({ route, body = "" }: Call, service: string): boolean {
  return route === "PUT /v1/agent/service/register" && body.includes(`"Name":"${service}"`);
}

export function labelsOf({ body = "{}" }: Call): Readonly<Record<string, string>> {
  return (JSON.parse(body) as CreateBody).Labels;
}

function metaOf(register: string): { readonly remoraAlloc: string; readonly remoraGroup: string } {
  const { Meta } = JSON.parse(register) as { readonly Meta: Readonly<Record<string, string>> };
  return { remoraAlloc: demand(Meta["remora-alloc"]), remoraGroup: demand(Meta["remora-group"]) };
}

function looksOf(register: string, sidecar: string): Looks {
  const { Address, Port, Proxy } = (JSON.parse(register) as RegisterBody).Connect.SidecarService;
  const { Cmd } = JSON.parse(sidecar) as CreateBody;
  const listen = Number(
    demand(Cmd[Cmd.indexOf("-listen") + 1])
      .split(":")
      .at(-1),
  );
  const upstreams = Proxy.Upstreams.map(({ LocalBindPort }) => LocalBindPort);
  return { sidecarPorts: [listen, ...upstreams], appPort: Proxy.LocalServicePort, address: Address, port: Port };
}

/** The same calls for a new allocation of another instance, so that the agent does not take its things for its own. */
export function renewed(
  template: GroupTemplate,
  instance: { readonly from: string; readonly to: string },
): GroupTemplate {
  const pairs = [
    [template.alloc, crypto.randomUUID()],
    [template.accessor, crypto.randomUUID()],
    [`"io.remora.instance":"${instance.from}"`, `"io.remora.instance":"${instance.to}"`],
    [`"remora-instance":"${instance.from}"`, `"remora-instance":"${instance.to}"`],
    [`remora instance=${instance.from} `, `remora instance=${instance.to} `],
  ] as const;
  const names = JSON.stringify(template);
  // Inside the template the bodies are JSON in JSON, so their quotes are escaped.
  const text = pairs.reduce((all, [from, to]) => all.replaceAll(inner(from), inner(to)), names);
  return JSON.parse(text) as GroupTemplate;
}

function inner(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function demand<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the recorded start lacks a call that the floor is made from");
  return value;
}
