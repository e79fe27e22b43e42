/** The mesh contract on a real Consul. */
import { realWorld } from "./mesh-consul.ts";
import { meshContract } from "./mesh.contract.ts";

meshContract("a real Consul", realWorld);
