/** Images: find one before fetching it, fetch it before building it, build it only when what goes into it changed. */
import { spawn } from "node:child_process";
import type Docker from "dockerode";
import { follow, orAbsent, rigLabel } from "./docker.ts";
import { pull } from "./pull.ts";
import { inputsHash, withContext } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import { say } from "./say.ts";

const inputsLabel = `${rigLabel}.inputs`;

/** Builds an image under its name unless it is there with the same inputs; resolves with its id. */
export async function built(docker: Docker, recipe: Recipe): Promise<string> {
  const inputs = await inputsHash(recipe);
  const there = await orAbsent(docker.getImage(recipe.name).inspect());
  if (there?.Config.Labels?.[inputsLabel] === inputs) return there.Id;
  say(`building the image ${recipe.name}`);
  await withContext(recipe, (directory) => build(docker, recipe, directory, inputs));
  const { Id } = await docker.getImage(recipe.name).inspect();
  if (there !== undefined && there.Id !== Id) await removeUnnamed(docker, there.Id);
  return Id;
}

/** The public image of this name, here or fetched; where no registry can be reached, one of our own under that name. */
export async function foundOrBuilt(docker: Docker, name: string, recipe: () => Promise<Recipe>): Promise<string> {
  const there = await orAbsent(docker.getImage(name).inspect());
  if (there !== undefined && there.Config.Labels?.[inputsLabel] === undefined) return there.Id;
  if (there === undefined && (await pull(docker, name))) return (await docker.getImage(name).inspect()).Id;
  return built(docker, await recipe());
}

/** With the builder that every engine has; it needs neither a client program nor a registry. */
async function build(docker: Docker, recipe: Recipe, directory: string, inputs: string): Promise<void> {
  const tar = spawn("tar", ["-C", directory, "-cf", "-", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const labels = { [rigLabel]: "image", [inputsLabel]: inputs };
  const options = { t: recipe.name, labels, buildargs: recipe.buildArgs ?? {}, forcerm: true };
  await follow(docker, await docker.buildImage(tar.stdout, options));
}

/** The image that had the name before; it stays where a container still needs it (409). */
async function removeUnnamed(docker: Docker, id: string): Promise<void> {
  const image = docker.getImage(id);
  if ((await orAbsent(image.inspect()))?.RepoTags?.length !== 0) return;
  await image.remove().catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 409) throw error;
  });
}

/** Removes every image the rig built; `make clean` on an engine that is not ours. */
export async function removeBuilt(docker: Docker): Promise<void> {
  const images = await docker.listImages({ filters: { label: [inputsLabel] } });
  for (const image of images) await orAbsent(docker.getImage(image.Id).remove({ force: true }));
}
