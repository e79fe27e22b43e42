/** What Docker says was done to an instance's containers, networks and volumes, probes apart. */
import { createInterface } from "node:readline";
import type Docker from "dockerode";
import { LABEL } from "../../../src/model/labels.ts";
import { until } from "../../rig/wait.ts";

export interface Events {
  /** Ends the watch; resolves with what changed of the instance since, as `type action name`. */
  readonly stop: (instance: string) => Promise<readonly string[]>;
}

interface Event {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Listens from now on: the engine keeps only its last 256 events, and beside other suites those are soon others'. */
export async function dockerWrites(docker: Docker): Promise<Events> {
  const stream = (await docker.getEvents({})) as NodeJS.ReadableStream & { destroy: () => void };
  const events: Event[] = [];
  createInterface(stream).on("line", (line) => line !== "" && events.push(JSON.parse(line) as Event));
  const stop = async (instance: string): Promise<readonly string[]> => {
    await untilSeen(docker, events);
    stream.destroy();
    const changes = events.filter(({ Action }) => !Action.startsWith("exec_"));
    const mine = changes.filter(({ Actor }) => isMine(Actor.Attributes, instance));
    return mine.map(({ Type, Action, Actor }) => `${Type} ${Action} ${Actor.Attributes["name"] ?? ""}`);
  };
  return { stop };
}

/** Events come in order: when a change of our own has been told, so has all that came before it. */
async function untilSeen(docker: Docker, events: readonly Event[]): Promise<void> {
  const name = `events-${crypto.randomUUID()}`;
  await docker.createVolume({ Name: name });
  const isTold = (): Promise<boolean> => Promise.resolve(events.some(({ Actor }) => Actor.ID === name));
  await until(isTold, { what: "the engine to tell of a volume" });
  await docker.getVolume(name).remove();
}

/** Containers carry the mark; volumes and networks are told by their names. */
function isMine(attributes: Readonly<Record<string, string>>, instance: string): boolean {
  return attributes[LABEL.instance] === instance || (attributes["name"] ?? "").includes(instance);
}
