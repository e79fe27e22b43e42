/** Decodes connect blocks: the sidecar's registration, its upstreams, and what the job changes about its task. */
import type { Connect, Proxy, SidecarService, Upstream } from "../../model/job.ts";
import { emptyBlock } from "./checked.ts";
import type { Checked } from "./checked.ts";
import { decodeExpose } from "./expose.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import { decodeSidecarTask } from "./sidecar-task.ts";

const NO_PROXY: Proxy = { localServiceAddress: "", localServicePort: 0, upstreams: [], config: {} };

export function decodeConnect(context: Context, block: Checked): Connect {
  const reader = new Reader(context, block);
  const sidecar = reader.single("sidecar_service");
  const task = reader.single("sidecar_task");
  if (sidecar === undefined && !reader.incomplete && !reader.place.unreadable.has("native")) {
    context.problems.add(
      block.block.range,
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

function decodeSidecarService(context: Context, block: Checked): SidecarService {
  const reader = new Reader(context, block);
  const proxy = reader.single("proxy");
  const tags = reader.texts("tags");
  const sidecar: SidecarService = {
    ...(tags === undefined || tags.length === 0 ? {} : { tags }),
    port: reader.text("port", ""),
    disableDefaultTcpCheck: reader.bool("disable_default_tcp_check", false),
    proxy: proxy === undefined ? NO_PROXY : decodeProxy(context, proxy),
  };
  return context.places.note(sidecar, reader.place);
}

function decodeProxy(context: Context, block: Checked): Proxy {
  const reader = new Reader(context, block);
  const expose = reader.single("expose");
  const proxy: Proxy = {
    localServiceAddress: reader.text("local_service_address", ""),
    localServicePort: reader.integer("local_service_port", 0),
    upstreams: reader.blocks("upstreams").map((upstream) => decodeUpstream(context, upstream)),
    config: reader.opaqueMap("config") ?? {},
    ...(expose === undefined ? {} : { expose: decodeExpose(context, expose) }),
  };
  return context.places.note(proxy, reader.place);
}

function decodeUpstream(context: Context, block: Checked): Upstream {
  const reader = new Reader(context, block);
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

function decodeMeshGateway(context: Context, block: Checked): Upstream["meshGatewayMode"] {
  return new Reader(context, block).choice("mode", ["", "none", "local", "remote"]) ?? "";
}
