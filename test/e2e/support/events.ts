/** What Docker says was done to an instance's containers, networks and volumes, probes apart. */
import type Docker from "dockerode";
import { LABEL } from "../../../src/model/labels.ts";

export interface Events {
  /** Ends the watch; resolves with what changed of the instance since, as `type action name`. */
  readonly stop: (instance: string) => Promise<readonly string[]>;
}

interface Event {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
}

/** The engine keeps its events, so that the watch begins now and is read when it ends. */
export async function dockerWrites(docker: Docker): Promise<Events> {
  const since = await engineTime(docker);
  const stop = async (instance: string): Promise<readonly string[]> => {
    const until = await engineTime(docker);
    // The types know whole seconds only.
    const options = { since, until } as unknown as Docker.GetEventsOptions;
    const events = await linesOf(await docker.getEvents(options));
    const changes = events.filter(({ Action }) => !Action.startsWith("exec_"));
    const mine = changes.filter(({ Actor }) => isMine(Actor.Attributes, instance));
    return mine.map(({ Type, Action, Actor }) => `${Type} ${Action} ${Actor.Attributes["name"] ?? ""}`);
  };
  return { stop };
}

/** Containers carry the mark; volumes and networks are told by their names. */
function isMine(attributes: Readonly<Record<string, string>>, instance: string): boolean {
  return attributes[LABEL.instance] === instance || (attributes["name"] ?? "").includes(instance);
}

/** Seconds with nine digits after the point, as the engine's filter wants them. */
async function engineTime(docker: Docker): Promise<string> {
  const { SystemTime } = (await docker.info()) as { SystemTime: string };
  const nanoseconds = /\.(\d+)/.exec(SystemTime)?.[1] ?? "";
  return `${Math.floor(Date.parse(SystemTime) / 1000)}.${nanoseconds.padEnd(9, "0")}`;
}

async function linesOf(stream: NodeJS.ReadableStream): Promise<readonly Event[]> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Event);
}
