/** The ports as the controller gets them: each call of the fakes behind the wire. */
import type { SidecarProbe } from "../../src/ports/prober.ts";
import { PortFailure } from "../../src/ports/failure.ts";
import type { JobDirectory, StateStore } from "../../src/ports/files.ts";
import type { Mesh } from "../../src/ports/mesh.ts";
import type { Prober } from "../../src/ports/prober.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Source } from "../../src/ports/source.ts";
import type { Call, Wire } from "./wire.ts";

const NEVER = new AbortController().signal;

type Api = Call["api"];

function reading(api: Api, operation: string, subject = ""): Call {
  return { api, operation, subject, write: false };
}

function writing(api: Api, operation: string, subject: string): Call {
  return { api, operation, subject, write: true };
}

function wiredSource<T>(wire: Wire, api: Api, name: string, source: Source<T>): Source<T> {
  return {
    list: (signal) => wire.call(reading(api, "list", name), signal, () => source.list(NEVER)),
    changes: (signal) => wire.stream(name, source, signal),
  };
}

export function wiredRuntime(wire: Wire, real: Runtime): Runtime {
  const docker = (operation: string, subject: string): Call => writing("docker", operation, subject);
  return {
    ...wiredSource(wire, "docker", "containers", real),
    info: (signal) => wire.call(reading("docker", "info"), signal, () => real.info(NEVER)),
    hasImage: (ref, signal) => wire.call(reading("docker", "has-image", ref), signal, () => real.hasImage(ref, NEVER)),
    pullImage: (ref, signal) => wire.call(docker("pull", ref), signal, () => real.pullImage(ref, NEVER)),
    network: (name, signal) => wire.call(reading("docker", "network", name), signal, () => real.network(name, NEVER)),
    createNetwork: (spec, signal) =>
      wire.call(docker("create-network", spec.name), signal, () => real.createNetwork(spec, NEVER)),
    removeNetwork: (name, signal) =>
      wire.call(docker("remove-network", name), signal, () => real.removeNetwork(name, NEVER)),
    createContainer: (spec, signal) =>
      wire.call(docker("create", spec.name), signal, () => real.createContainer(spec, NEVER)),
    startContainer: (name, signal) => wire.call(docker("start", name), signal, () => real.startContainer(name, NEVER)),
    signalContainer: (name, sent, signal) =>
      wire.call(docker(`signal${sent === "" ? "" : ` ${sent}`}`, name), signal, () =>
        real.signalContainer(name, sent, NEVER),
      ),
    removeContainer: (name, signal) =>
      wire.call(docker("remove", name), signal, () => real.removeContainer(name, NEVER)),
    putFiles: (name, directory, files, signal) =>
      wire.call(docker("put-files", name), signal, () => real.putFiles(name, directory, files, NEVER)),
    exec: (name, argv, signal) =>
      wire.call(reading("docker", "exec", name), signal, () => real.exec(name, argv, NEVER)),
    removeVolume: (name, signal) =>
      wire.call(docker("remove-volume", name), signal, () => real.removeVolume(name, NEVER)),
  };
}

export function wiredMesh(wire: Wire, real: Mesh): Mesh {
  const consul = (operation: string, subject: string): Call => writing("consul", operation, subject);
  return {
    info: (signal) => wire.call(reading("consul", "info"), signal, () => real.info(NEVER)),
    lacks: (rights, signal) => wire.call(reading("consul", "lacks"), signal, () => real.lacks(rights, NEVER)),
    registrations: wiredSource(wire, "consul", "registrations", real.registrations),
    tokens: wiredSource(wire, "consul", "tokens", real.tokens),
    register: (service, token, signal) =>
      wire.call(consul("register", service.id), signal, () => real.register(service, token, NEVER)),
    deregister: (id, signal) => wire.call(consul("deregister", id), signal, () => real.deregister(id, NEVER)),
    enableMaintenance: (id, reason, signal) =>
      wire.call(consul("maintenance", id), signal, () => real.enableMaintenance(id, reason, NEVER)),
    mintToken: (spec, signal) => wire.call(consul("mint", spec.accessor), signal, () => real.mintToken(spec, NEVER)),
    readSecret: (accessor, signal) =>
      wire.call(reading("consul", "read-secret", accessor), signal, () => real.readSecret(accessor, NEVER)),
    canUse: (secret, signal) => wire.call(reading("consul", "can-use"), signal, () => real.canUse(secret, NEVER)),
    deleteToken: (accessor, signal) =>
      wire.call(consul("delete-token", accessor), signal, () => real.deleteToken(accessor, NEVER)),
    intentions: wiredSource(wire, "consul", "intentions", real.intentions),
    holdIntention: (pair, owners, signal) =>
      wire.call(consul("intention", `${pair.source} -> ${pair.destination}`), signal, () =>
        real.holdIntention(pair, owners, NEVER),
      ),
  };
}

/** A prober never throws: what goes wrong on the way is a sentence. */
export function wiredProber(wire: Wire, look: (probe: SidecarProbe) => string | undefined): Prober {
  return {
    sidecar: async (probe, signal) => {
      try {
        return await wire.call(reading("probe", "sidecar", probe.service), signal, async () => look(probe));
      } catch (error) {
        if (error instanceof PortFailure) return error.message;
        throw error;
      }
    },
  };
}

export function wiredDirectory(wire: Wire, real: JobDirectory): JobDirectory {
  return {
    list: async (signal) => {
      try {
        return await wire.call(reading("files", "list", "jobs"), signal, () => real.list(NEVER));
      } catch (error) {
        if (error instanceof PortFailure) return { ok: false, error: error.message };
        throw error;
      }
    },
    changes: (signal) => wire.stream("jobs", real, signal),
  };
}

export function wiredState(wire: Wire, real: StateStore): StateStore {
  return {
    load: (kind, onBad) => real.load(kind, onBad),
    save: (kind, name, value) =>
      wire.call(writing("files", `save ${kind}`, name), NEVER, () => real.save(kind, name, value)),
    remove: (kind, name) => wire.call(writing("files", `forget ${kind}`, name), NEVER, () => real.remove(kind, name)),
  };
}
