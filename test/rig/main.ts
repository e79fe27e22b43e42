/** The rig's commands, as the Makefile calls them. */
import { removeBuilt } from "./build.ts";
import { demo, demoDown } from "./demo.ts";
import { dockerAt } from "./docker.ts";
import { findEngine, stopEngine } from "./engine.ts";
import { remoraImage } from "./images.ts";
import { setupRig } from "./rig.ts";
import { print, reason, say } from "./say.ts";
import { stages } from "./stages.ts";

const commands: Readonly<Record<string, (...args: readonly string[]) => Promise<boolean | void>>> = {
  setup: async () => {
    const { facts, close } = await setupRig();
    const envoy = facts.envoy === undefined ? "no Envoy (its tests are skipped)" : `Envoy ${facts.envoy.version}`;
    const images = Object.values(facts.images).join(" ");
    say(`Docker at ${facts.dockerHost}, Consul ${facts.consul.version}, ${envoy}, images: ${images}`);
    await close();
  },
  stages: (...names) => stages(names),
  image: async (name = "remora:dev", base) => {
    const { facts, close } = await setupRig();
    say(`the image is ${await remoraImage(dockerAt(facts.dockerHost), name, base)} at ${facts.dockerHost}`);
    await close();
  },
  demo: () => demo(process.stdout.isTTY),
  "demo-down": demoDown,
  clean: async () => {
    const found = await findEngine();
    if (found?.own === false) await removeBuilt(dockerAt(found.dockerHost));
    await stopEngine();
  },
};

const [name = "", ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (command === undefined) throw new Error(`no such command: ${name}; there is ${Object.keys(commands).join(", ")}`);
  if ((await command(...args)) === false) process.exitCode = 1;
} catch (error) {
  print(`${name} failed: ${reason(error)}`);
  process.exitCode = 1;
}
