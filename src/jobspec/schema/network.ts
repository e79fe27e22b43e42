/** Decodes network blocks. */
import type { Dns, Network, Port } from "../../model/job.ts";
import type { Block } from "../tree.ts";
import type { Shape } from "./content.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const NETWORK: Shape = {
  name: "a network block",
  arguments: ["mode", "hostname"],
  blocks: { port: 1, dns: 0 },
  later: ["cidr", "cni", "device", "ip", "mbits", "reserved_ports"],
};

const PORT: Shape = { name: "a port block", arguments: ["static", "to"], later: ["host_network", "ignore_collision"] };
const DNS: Shape = { name: "a dns block", arguments: ["servers", "searches", "options"] };

export function decodeNetwork(context: Context, block: Block): Network {
  const reader = new Reader(context, block, NETWORK);
  const dns = reader.single("dns");
  const hostname = reader.text("hostname");
  const network: Network = {
    mode: decodeMode(reader),
    ports: reader.blocks("port").map((port) => decodePort(context, port)),
    ...(dns === undefined ? {} : { dns: decodeDns(context, dns) }),
    ...(hostname === undefined ? {} : { hostname }),
  };
  return context.places.note(network, reader.place);
}

function decodeMode(reader: Reader): Network["mode"] {
  const mode = reader.choice("mode", ["bridge", "host", "none", ""], /^cni\//);
  return mode === undefined || mode === "" ? "host" : mode;
}

function decodePort(context: Context, block: Block): Port {
  const reader = new Reader(context, block, PORT);
  const fixed = reader.integer("static");
  const port: Port = {
    label: reader.label,
    to: reader.integer("to", 0),
    ...(fixed === undefined ? {} : { static: fixed }),
  };
  return context.places.note(port, reader.place);
}

function decodeDns(context: Context, block: Block): Dns {
  const reader = new Reader(context, block, DNS);
  const dns: Dns = {
    servers: reader.texts("servers", []),
    searches: reader.texts("searches", []),
    options: reader.texts("options", []),
  };
  return context.places.note(dns, reader.place);
}
