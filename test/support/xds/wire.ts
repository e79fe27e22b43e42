/** Envoy's incremental discovery service as gRPC, out of the .proto files beside this one. */
import { join } from "node:path";
import type { ServerDuplexStream, ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** A protobuf Struct's value; of its kinds, those that a bootstrap's node metadata has. */
export interface StructValue {
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
}

export interface DeltaRequest {
  readonly node?: {
    readonly id: string;
    readonly cluster: string;
    readonly metadata?: { readonly fields: Readonly<Record<string, StructValue>> };
  };
  readonly type_url: string;
  readonly resource_names_subscribe?: readonly string[];
  /** Set in an answer to a response of ours; with `error_detail` it was refused. */
  readonly response_nonce?: string;
  readonly error_detail?: { readonly code?: number; readonly message?: string };
}

/** A listener or a cluster, in the names of Envoy's own configuration files. */
export interface Resource {
  readonly "@type": string;
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface DeltaResponse {
  readonly system_version_info: string;
  readonly resources: readonly { readonly version: string; readonly name: string; readonly resource: Resource }[];
  readonly type_url: string;
  readonly nonce: string;
}

export type DeltaStream = ServerDuplexStream<DeltaRequest, DeltaResponse>;

const directory = join(import.meta.dirname, "proto");
const files = ["discovery.proto", "listener.proto", "tcp_proxy.proto", "cluster.proto"];
const name = "envoy.service.discovery.v3.AggregatedDiscoveryService";

/** Field names stay as they are in the files, which is how Envoy's documentation has them. */
export function discoveryService(): ServiceDefinition {
  const found = loadSync(files, { includeDirs: [directory], keepCase: true })[name];
  if (found === undefined) throw new Error(`${files[0]} has no ${name}`);
  return found as ServiceDefinition;
}
