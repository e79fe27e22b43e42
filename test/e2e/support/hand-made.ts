/** Things somebody made by hand that look as much like Remora's as they can without its mark. */
import { LABEL } from "../../../src/model/labels.ts";
import { removeContainer } from "../../rig/docker.ts";
import type { World } from "./world.ts";

export interface HandMade {
  /** How they were when they had been made. */
  readonly before: Readonly<Record<string, unknown>>;
  /** How they are now, in the same form. */
  readonly look: () => Promise<Readonly<Record<string, unknown>>>;
  readonly remove: () => Promise<void>;
}

/** A container, a network, a volume, a service, a token and an intention beside the countdash job. */
export async function handMade(world: World): Promise<HandMade> {
  const { docker, consul, rig, name } = world;
  const id = `by-hand-${name}`;
  // The job's own labels, but not the instance's: whose it is decides.
  const labels = { [LABEL.job]: "countdash", [LABEL.group]: "api", [LABEL.role]: "task" };
  await docker.createNetwork({ Name: id, Labels: labels });
  await docker.createVolume({ Name: id, Labels: labels });
  const host = { NetworkMode: id, Binds: [`${id}:/data`] };
  const command = { Image: rig.images.infra, Cmd: ["sleep", "3600"] };
  await (await docker.createContainer({ name: id, ...command, Labels: labels, HostConfig: host })).start();
  await consul.api.put("/agent/service/register", {
    ID: id,
    Name: "count-api",
    Port: 1,
    Meta: { "remora-job": "countdash" },
  });
  const identity = { Description: "remora, by hand", ServiceIdentities: [{ ServiceName: "count-api" }] };
  const { AccessorID } = await consul.api.put<{ AccessorID: string }>("/acl/token", identity);
  const look = (): Promise<HandMade["before"]> => lookAt(world, id, AccessorID);
  const remove = async (): Promise<void> => {
    await removeContainer(docker, id);
    await docker.getVolume(id).remove();
    await docker.getNetwork(id).remove();
    await consul.api.put(`/agent/service/deregister/${id}`);
  };
  return { before: await look(), look, remove };
}

async function lookAt({ docker, consul }: World, id: string, accessor: string): Promise<HandMade["before"]> {
  const { State, Id } = await docker.getContainer(id).inspect();
  const entries =
    await consul.api.get<readonly { ServiceID: string; ModifyIndex: number }[]>("/catalog/service/count-api");
  return {
    container: { Id, StartedAt: State.StartedAt, Running: State.Running },
    network: (await docker.getNetwork(id).inspect()).Id,
    volume: await docker.getVolume(id).inspect(),
    service: entries.find(({ ServiceID }) => ServiceID === id)?.ModifyIndex ?? "gone",
    token: await consul.api.get(`/acl/token/${accessor}`),
    intentions: await consul.api.get("/connect/intentions"),
  };
}
