/** The rules for gateways, and for what a connect block is: a sidecar, native, or a gateway (Nomad's). */
import type { Part } from "./part.ts";

const KINDS = ["ingress", "terminating", "mesh"] as const;
const MODES = ["bridge", "host"];
const PROTOCOLS = ["tcp", "http", "http2", "grpc"];

/** Says whether it is only one of them. */
export function judgeConnectKind(connect: Part): boolean {
  const { gateway, sidecar, native } = kindsOf(connect);
  const kinds = [native && "native = true", gateway && "a gateway", sidecar && "a sidecar_service"].filter(
    (kind) => kind !== false && kind !== undefined,
  );
  if (kinds.length <= 1) return true;
  const at = native ? "native" : "gateway";
  connect.refuse(at, `A connect block has one of these, not ${kinds.join(" and ")}`, "Take all but one out");
  return false;
}

function kindsOf(connect: Part) {
  const gateway = connect.one("gateway") !== undefined;
  return { gateway, sidecar: connect.one("sidecar_service") !== undefined, native: connect.bool("native") };
}

export function judgeGateway(group: Part, gateway: Part): void {
  judgeNetwork(group, gateway);
  const proxy = gateway.one("proxy");
  for (const address of proxy?.all("envoy_gateway_bind_addresses") ?? []) judgeAddress(address);
  const kinds = KINDS.filter((kind) => gateway.one(kind) !== undefined);
  if (kinds.length !== 1 && gateway.isSure()) {
    const detail = "Write ingress { … }, terminating { … } or mesh {}";
    const first = kinds[0] === undefined ? undefined : gateway.one(kinds[0]);
    gateway.refuse(kinds[1], "A gateway block needs one of ingress, terminating and mesh", detail, first);
  }
  const ingress = gateway.one("ingress");
  if (ingress !== undefined) judgeIngress(ingress);
  const terminating = gateway.one("terminating");
  if (terminating !== undefined) judgeTerminating(terminating);
}

function judgeNetwork(group: Part, gateway: Part): void {
  const network = group.one("network");
  if (network?.isSure("mode") === false || (network === undefined && !group.isSure())) return;
  const mode = network?.text("mode") ?? "";
  if (network !== undefined && MODES.includes(mode === "" ? "host" : mode)) return;
  const detail = 'Write network { mode = "bridge" } or network { mode = "host" } in the group';
  const what = network === undefined ? "has no network block" : `has mode "${mode}"`;
  gateway.refuse(undefined, `A gateway needs a network, and group "${group.label}" ${what}`, detail);
}

function judgeAddress(address: Part): void {
  if (address.isSure("address") && address.text("address") === "") {
    address.refuse("address", "A bind address needs an address", 'Write address = "0.0.0.0" or another');
  }
  const port = address.number("port");
  if (!address.isSure("port") || port > 0 || port === -1) return;
  address.refuse("port", "The port of a bind address must be at least 1", "-1 stands for the service's own");
}

function judgeIngress(ingress: Part): void {
  const listeners = ingress.all("listener");
  if (listeners.length === 0 && ingress.isSure()) {
    ingress.refuse(undefined, "An ingress gateway needs a listener", "Write listener { … } in it");
  }
  for (const listener of listeners) judgeListener(listener);
}

function judgeListener(listener: Part): void {
  const protocol = listener.text("protocol");
  if (listener.isSure("port") && listener.number("port") <= 0) {
    listener.refuse("port", "A listener needs a port", "Write port = NUMBER");
  }
  if (listener.isSure("protocol") && !PROTOCOLS.includes(protocol)) {
    const detail = `Possible: ${PROTOCOLS.map((each) => `"${each}"`).join(", ")}`;
    listener.refuse("protocol", `protocol "${protocol}" does not exist`, detail);
  }
  const services = listener.all("service");
  if (services.length === 0 && listener.isSure()) {
    listener.refuse(undefined, "A listener needs a service behind it", "Write service { name = … } in it");
  }
  for (const service of services) judgeBehind(service, protocol);
}

function judgeBehind(service: Part, protocol: string): void {
  if (!service.isSure("name", "hosts")) return;
  const name = service.text("name");
  const hosts = service.texts("hosts").length > 0;
  if (name === "") return service.refuse("name", "A service behind a listener needs a name", 'Or "*" for all of them');
  if (protocol !== "tcp") {
    if (name === "*" && hosts)
      service.refuse("hosts", 'The service "*" cannot have hosts', "Name the services one by one");
    return;
  }
  if (name === "*") service.refuse("name", 'A tcp listener leads to one service, not to "*"', "Name the service");
  if (hosts)
    service.refuse("hosts", "A tcp listener knows no host names", 'Take hosts out, or write protocol = "http"');
}

function judgeTerminating(terminating: Part): void {
  const services = terminating.all("service");
  if (services.length === 0 && terminating.isSure()) {
    terminating.refuse(undefined, "A terminating gateway needs a service", "Write service { name = … } in it");
  }
  for (const service of services) judgeLinked(service);
}

function judgeLinked(service: Part): void {
  if (!service.isSure("name", "ca_file", "cert_file", "key_file", "sni")) return;
  if (service.text("name") === "") {
    service.refuse("name", "A service of a terminating gateway needs a name", "Write name = …");
  }
  const given = ["cert_file", "key_file", "sni"].filter((name) => service.text(name) !== "");
  const [first] = given;
  if (first !== undefined && service.text("ca_file") === "") {
    service.refuse(first, `${first} needs ca_file, the file of the authority`, "Write ca_file = … beside it");
  }
  const [one, other] = given.filter((name) => name !== "sni");
  if (one === undefined || other !== undefined) return;
  const missing = one === "cert_file" ? "key_file" : "cert_file";
  service.refuse(one, `${one} needs ${missing}`, "A certificate and its key go together");
}
