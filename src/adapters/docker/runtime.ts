/** The Runtime port on a real Docker engine. */
import type { Observer } from "../../ports/observer.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { Clock } from "../../ports/time.ts";
import { addressText, dockerClient } from "./connection.ts";
import type { DockerAddress } from "./connection.ts";
import { createContainer, removeContainer, signalContainer, startContainer } from "./containers.ts";
import { Engine } from "./engine.ts";
import { changes } from "./events.ts";
import { exec } from "./exec.ts";
import { putFiles } from "./files.ts";
import { hasImage, pullImage } from "./images.ts";
import { info } from "./info.ts";
import { list } from "./listing.ts";
import { createNetwork, network, removeNetwork } from "./networks.ts";
import { removeVolume } from "./volumes.ts";

export interface DockerOptions {
  readonly docker: DockerAddress;
  /** Only objects marked with it are ever listed or touched. */
  readonly instance: string;
  readonly observer: Observer;
  readonly clock: Clock;
}

/** Makes no call by itself: an engine that is not there yet is no error until it is asked something. */
export function dockerRuntime(options: DockerOptions): Runtime {
  const { instance, observer, clock } = options;
  const docker = dockerClient(options.docker);
  const engine = new Engine({ docker, address: addressText(options.docker), instance, observer, clock });
  return {
    list: (signal) => list(engine, signal),
    changes: (signal) => changes(engine, signal),
    info: (signal) => info(engine, signal),
    hasImage: (ref, signal) => hasImage(engine, ref, signal),
    pullImage: (ref, signal) => pullImage(engine, ref, signal),
    network: (name, signal) => network(engine, name, signal),
    createNetwork: (spec, signal) => createNetwork(engine, spec, signal),
    removeNetwork: (name, signal) => removeNetwork(engine, name, signal),
    createContainer: (spec, signal) => createContainer(engine, spec, signal),
    startContainer: (container, signal) => startContainer(engine, container, signal),
    signalContainer: (container, name, signal) => signalContainer(engine, container, name, signal),
    removeContainer: (container, signal) => removeContainer(engine, container, signal),
    putFiles: (container, directory, files, signal) => putFiles(engine, container, directory, files, signal),
    exec: (container, argv, signal) => exec(engine, container, argv, signal),
    removeVolume: (name, signal) => removeVolume(engine, name, signal),
  };
}
