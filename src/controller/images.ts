/** Images come before everything else of an allocation: nothing is started that would only wait for a pull. */
import { interpolate } from "../model/interpolate.ts";
import type { Settings } from "../model/settings.ts";
import type { Step } from "../model/step.ts";
import type { TaskGroup } from "../model/job.ts";
import { taskValues } from "../reconcilers/environment.ts";
import { sidecarImage } from "../reconcilers/sidecar-task.ts";
import { lanesOf, type AllocView, type Due } from "../reconcilers/view.ts";

/** Every image a group's allocations are made of, texts uninterpolated ones left out. */
export function imagesOf(group: TaskGroup, settings: Settings): readonly string[] {
  const sidecars = group.services.flatMap(({ connect }) =>
    connect === undefined ? [] : (sidecarImage(connect, settings) ?? []),
  );
  const tasks = group.tasks.map(({ config }) => config.image);
  const images = [settings.images.infra, ...sidecars, ...tasks].filter((image) => !image.includes("${"));
  return [...new Set(images)];
}

/** Text with references can only be looked up for a given allocation. */
export function imagesOfView(view: AllocView): readonly string[] {
  const tasks = view.group.tasks.map((task) => interpolate(task.config.image, taskValues(view, task)));
  return [...new Set([...imagesOf(view.group, view.settings), ...tasks])];
}

/** What is repaired needs its own image only. */
function imagesOfSteps(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.flatMap((step) => (step.kind === "run-member" ? [step.spec.image] : [])))];
}

/** Steps that would create a container are held back while an image is missing; the pulls run beside the turn. */
export function withImages(view: AllocView, due: Due, missing: ReadonlyMap<string, string>): Due {
  const creates = due.steps.some(createsContainer);
  const needed = view.infra === undefined ? imagesOfView(view) : imagesOfSteps(due.steps);
  const absent = creates ? needed.filter((image) => missing.has(image)) : [];
  if (absent.length === 0) return due;
  const pulls = absent.map((image) => ({ kind: "pull-image", image }) as const);
  const isHeld = (step: Step): boolean =>
    createsContainer(step) && (view.infra === undefined || imagesOfSteps([step]).some((image) => missing.has(image)));
  const others = lanesOf(due).filter((steps) => !steps.some(isHeld));
  return {
    steps: [...pulls, ...others.flat()],
    lanes: [pulls, ...others],
    waiting: absent.map((image) => missing.get(image) ?? `the image ${image} is being pulled`).join("; "),
    ...(due.recheck === undefined ? {} : { recheck: due.recheck }),
  };
}

function createsContainer({ kind }: Step): boolean {
  return kind === "create-namespace" || kind === "run-member";
}
