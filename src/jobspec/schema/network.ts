/** Decodes network blocks. */
import type { Dns, Network, Port } from "../../model/job.ts";
import type { Checked } from "./checked.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

export function decodeNetwork(context: Context, block: Checked): Network {
  const reader = new Reader(context, block);
  const dns = reader.single("dns");
  const hostname = reader.text("hostname");
  const network: Network = {
    mode: decodeMode(reader),
    ports: [...reader.blocks("port"), ...reader.blocks("reserved_ports")].map((port) => decodePort(context, port)),
    ...(dns === undefined ? {} : { dns: decodeDns(context, dns) }),
    ...(hostname === undefined || hostname === "" ? {} : { hostname }),
  };
  return context.places.note(network, reader.place);
}

function decodeMode(reader: Reader): Network["mode"] {
  const mode = reader.choice("mode", ["bridge", "host", "none", ""]);
  return mode === undefined || mode === "" ? "host" : mode;
}

function decodePort(context: Context, block: Checked): Port {
  const reader = new Reader(context, block);
  const fixed = reader.integer("static");
  const port: Port = {
    label: reader.label,
    to: reader.integer("to", 0),
    ...(fixed === undefined || fixed === 0 ? {} : { static: fixed }),
  };
  return context.places.note(port, reader.place);
}

function decodeDns(context: Context, block: Checked): Dns {
  const reader = new Reader(context, block);
  const dns: Dns = {
    servers: reader.texts("servers", []),
    searches: reader.texts("searches", []),
    options: reader.texts("options", []),
  };
  return context.places.note(dns, reader.place);
}
