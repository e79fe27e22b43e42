/** The container engine (Docker). Every verb is idempotent: already so is done, absent on delete is done. */
import type { Container, ContainerSpec, NetworkSpec, NetworkState, Volume } from "../model/container.ts";
import type { Secret } from "../model/secret.ts";
import type { Source } from "./source.ts";

/** All that an instance owns, as of one reading. */
export interface RuntimeReading {
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
}

export interface EngineInfo {
  /** The host's name as the engine knows it. */
  readonly name: string;
  readonly version: string;
  /** The newest version of its API, which is the one that is spoken; e.g. `1.41`. */
  readonly apiVersion: string;
  /**
   * What it says of bridged traffic passing the packet filter (`BridgeNfIptables`: on 20.10 the setting as it is now); absent
   * if it says nothing. Only a change means something, for later engines load the filter on demand.
   */
  readonly filtersBridges?: boolean;
}

export interface FileSpec {
  /** Name within the directory, without slashes. */
  readonly name: string;
  readonly content: string | Secret;
  /** Octal, e.g. 0o400. */
  readonly mode: number;
  readonly uid: number;
}

/**
 * No call takes longer than CALL_LIMIT, pulls apart; all throw PortFailure only. What does not carry this instance's mark is
 * never touched: `conflict`.
 */
export interface Runtime extends Source<RuntimeReading> {
  info(signal: AbortSignal): Promise<EngineInfo>;

  hasImage(ref: string, signal: AbortSignal): Promise<boolean>;
  /** Until it is done or the signal is aborted; may take minutes. */
  pullImage(ref: string, signal: AbortSignal): Promise<void>;

  /** undefined if there is none of that name. */
  network(name: string, signal: AbortSignal): Promise<NetworkState | undefined>;
  /** Ours of that name is there already = done. */
  createNetwork(spec: NetworkSpec, signal: AbortSignal): Promise<void>;
  /** Absent = done. `conflict` while a running container is attached. */
  removeNetwork(name: string, signal: AbortSignal): Promise<void>;

  /**
   * Creates, with the volumes it mounts; does not start. A container of that name: done if it carries the same
   * alloc and role labels, else `conflict`. `image-missing` if the image is not here; `not-found` if the container it joins is gone.
   */
  createContainer(spec: ContainerSpec, signal: AbortSignal): Promise<void>;
  /**
   * By name or id. Running = done. `port-taken` if a published port is in use; `not-found` if it, or the container it
   * joins, is absent; `rejected` if the container it joins is not running.
   */
  startContainer(container: string, signal: AbortSignal): Promise<void>;
  /** Sends a signal ("" = the image's STOPSIGNAL, then SIGTERM). Absent or not running = done. */
  signalContainer(container: string, name: string, signal: AbortSignal): Promise<void>;
  /** Kills and removes. Absent = done. Its volumes stay. */
  removeContainer(container: string, signal: AbortSignal): Promise<void>;
  /**
   * Puts files into a directory of a RUNNING container (a created one loses what is put into a tmpfs). `rejected` if it is
   * not running; `not-found` if it or the directory is absent.
   */
  putFiles(container: string, directory: string, files: readonly FileSpec[], signal: AbortSignal): Promise<void>;
  /**
   * Runs a command in a running container; resolves with its exit code (126 or 127 if there is no such command) and its
   * stdout (at most 64 KiB). `rejected` if the container is not running; `not-found` if absent.
   */
  exec(container: string, argv: readonly string[], signal: AbortSignal): Promise<{ exitCode: number; stdout: string }>;

  /** Absent = done. `conflict` while a container uses it. */
  removeVolume(name: string, signal: AbortSignal): Promise<void>;
}
