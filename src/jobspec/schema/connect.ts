/** Decodes connect blocks: the sidecar's registration, its upstreams, and what the job changes about its task. */
import type { Connect, Proxy, SidecarService, Upstream } from "../../model/job.ts";
import { EMPTY_BODY } from "../tree.ts";
import type { Block } from "../tree.ts";
import { words } from "./content.ts";
import type { Shape } from "./content.ts";
import { decodeExpose } from "./expose.ts";
import { opaqueConfig } from "./opaque.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import { decodeSidecarTask } from "./sidecar-task.ts";

const CONNECT: Shape = {
  name: "a connect block",
  blocks: { sidecar_service: 0, sidecar_task: 0 },
  later: ["gateway", "native"],
};

const SIDECAR_SERVICE: Shape = {
  name: "a sidecar_service block",
  arguments: ["tags", "port", "disable_default_tcp_check"],
  blocks: { proxy: 0 },
  later: ["meta"],
};

const PROXY: Shape = {
  name: "a proxy block",
  arguments: ["local_service_address", "local_service_port"],
  blocks: { upstreams: 0, expose: 0 },
  maps: ["config"],
  later: ["transparent_proxy"],
};

const UPSTREAM: Shape = {
  name: "an upstreams block",
  arguments: ["destination_name", "destination_namespace", "datacenter", "local_bind_port", "local_bind_address"],
  blocks: { mesh_gateway: 0 },
  later: words(`
    config destination_partition destination_peer destination_type local_bind_socket_mode local_bind_socket_path
  `),
};

const MESH_GATEWAY: Shape = { name: "a mesh_gateway block", arguments: ["mode"] };

const NO_PROXY: Proxy = { localServiceAddress: "", localServicePort: 0, upstreams: [], config: {} };

export function decodeConnect(context: Context, block: Block): Connect {
  const reader = new Reader(context, block, CONNECT);
  const sidecar = reader.single("sidecar_service");
  const task = reader.single("sidecar_task");
  if (sidecar === undefined && !reader.incomplete) {
    context.problems.add(
      block.range,
      "A connect block needs a sidecar_service block",
      "Write sidecar_service {} in it",
    );
  }
  const connect: Connect = {
    sidecarService: decodeSidecarService(context, sidecar ?? emptyBlock(block)),
    sidecarTask: task === undefined ? {} : decodeSidecarTask(context, task),
  };
  return context.places.note(connect, reader.place);
}

function emptyBlock(outer: Block): Block {
  return { ...outer, labels: [], body: EMPTY_BODY };
}

function decodeSidecarService(context: Context, block: Block): SidecarService {
  const reader = new Reader(context, block, SIDECAR_SERVICE);
  const proxy = reader.single("proxy");
  const tags = reader.texts("tags");
  const sidecar: SidecarService = {
    ...(tags === undefined ? {} : { tags }),
    port: reader.text("port", ""),
    disableDefaultTcpCheck: reader.bool("disable_default_tcp_check", false),
    proxy: proxy === undefined ? NO_PROXY : decodeProxy(context, proxy),
  };
  return context.places.note(sidecar, reader.place);
}

function decodeProxy(context: Context, block: Block): Proxy {
  const reader = new Reader(context, block, PROXY);
  const expose = reader.single("expose");
  const proxy: Proxy = {
    localServiceAddress: reader.text("local_service_address", ""),
    localServicePort: reader.integer("local_service_port", 0),
    upstreams: reader.blocks("upstreams").map((upstream) => decodeUpstream(context, upstream)),
    config: reader.map("config", "a value", opaqueConfig(context.problems)) ?? {},
    ...(expose === undefined ? {} : { expose: decodeExpose(context, expose) }),
  };
  return context.places.note(proxy, reader.place);
}

function decodeUpstream(context: Context, block: Block): Upstream {
  const reader = new Reader(context, block, UPSTREAM);
  const gateway = reader.single("mesh_gateway");
  const upstream: Upstream = {
    destinationName: reader.text("destination_name", ""),
    destinationNamespace: reader.text("destination_namespace", ""),
    datacenter: reader.text("datacenter", ""),
    localBindPort: reader.integer("local_bind_port", 0),
    localBindAddress: reader.text("local_bind_address", ""),
    meshGatewayMode: gateway === undefined ? "" : decodeMeshGateway(context, gateway),
  };
  return context.places.note(upstream, reader.place);
}

function decodeMeshGateway(context: Context, block: Block): Upstream["meshGatewayMode"] {
  return new Reader(context, block, MESH_GATEWAY).choice("mode", ["", "none", "local", "remote"]) ?? "";
}
