/** The mesh contract on the fake Consul. */
import { systemClock } from "../../src/adapters/system.ts";
import { FakeConsul } from "../sim/fakes/consul/world.ts";
import { fakeMesh } from "../sim/fakes/consul/mesh.ts";
import { meshContract } from "./mesh.contract.ts";

meshContract("the fake Consul", async () => {
  const world = new FakeConsul({ clock: systemClock });
  const withoutAcls = new FakeConsul({ clock: systemClock, acls: false });
  const secrets = {
    good: world.addForeignToken("*").secret,
    powerless: world.addForeignToken("").secret,
    unknown: "nobody's",
  };
  return {
    mesh: (instance, node, own = "good") => fakeMesh(world, instance, node, systemClock, secrets[own]),
    meshWithoutAcls: (instance, node) => fakeMesh(withoutAcls, instance, node, systemClock),
    listening: "127.0.0.1:1",
    deregisterBehindBack: async (id) => world.deregisterBehindBack(id),
    deleteTokenBehindBack: async (accessor) => world.deleteTokenBehindBack(accessor),
    addForeignService: async (spec) => world.addForeignService(spec),
    addForeignToken: async (accessor) => void world.addForeignToken("", accessor),
    decideIntention: async (pair, action) => world.intentions.put({ ...(world.intentions.get(pair) ?? pair), action }),
    removeIntention: async (pair) => world.intentions.remove(pair),
    restart: async () => world.breakStreams(),
    stop: async () => undefined,
  };
});
