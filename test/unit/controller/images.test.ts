/** Images that are not here hold up what needs them, and nothing else; what works is not taken down for one. */
import { describe, expect, test } from "vitest";
import type { Connect } from "../../../src/model/job.ts";
import { aConnect, aGroup, aJob, aService, aTask } from "../../support/builders.ts";
import { countdash } from "../../support/countdash.ts";
import { Picture } from "../../support/picture.ts";

const SIDECAR = "connect-proxy-count-api";

/** The API's group serves; then images vanish. */
function servingWithout(...images: readonly string[]): Picture {
  const picture = Picture.of(countdash());
  picture.settle();
  for (const image of images) picture.missingImages.set(image, `the image ${image} is being pulled`);
  return picture;
}

describe("a missing image", () => {
  test("of the sidecar does not hold up the repair of a task", () => {
    const picture = servingWithout("consul:1", "busybox:1");
    picture.lose("web");
    expect(picture.settle()).toEqual(["A register count-api gated", "A run-member web", "A register count-api open"]);
    expect(picture.status.state).toBe("running");
  });

  test("of the sidecar holds up the repair of the sidecar only, when both are gone", () => {
    const picture = servingWithout("consul:1");
    picture.lose("web");
    picture.lose(SIDECAR);
    const steps = picture.turn();
    expect(steps).toContain("A run-member web");
    expect(steps).toContain("A pull-image consul:1");
    expect(steps).not.toContain(`A run-member ${SIDECAR}`);
    expect(picture.status.reason).toBe("the image consul:1 is being pulled");
  });

  test("leaves a sidecar that is to be renewed for a new token where it is until the image is there", () => {
    const picture = servingWithout("consul:1");
    const { id } = picture.container(SIDECAR);
    picture.tokens = [];
    const steps = [...picture.turn(), ...picture.turn(), ...picture.turn()];
    expect(steps).toContain("A mint-token count-api");
    expect(steps).toContain("A pull-image consul:1");
    expect(picture.container(SIDECAR).id).toBe(id);
    expect(picture.status.reason).toBe("the image consul:1 is being pulled");
    picture.missingImages.clear();
    expect(picture.settle()).toContain(`A run-member ${SIDECAR}`);
    expect(picture.status.state).toBe("running");
  });

  test("holds up everything while nothing is made yet: no namespace waits for a pull", () => {
    const picture = Picture.of(countdash());
    picture.missingImages.set("hashicorpdev/counter-api:v3", "it is being pulled");
    expect(picture.turn()).not.toContain("A create-namespace");
  });
});

describe("a sidecar that is repaired", () => {
  test("keeps the image it had, whatever the default is by now", () => {
    const picture = servingWithout();
    const { images } = picture.settings;
    picture.settings = { ...picture.settings, images: { ...images, consul: "consul:2" } };
    expect(picture.turn()).toEqual([]);
    picture.exit(SIDECAR);
    picture.settle();
    expect(picture.container(SIDECAR).image).toBe("consul:1");
  });

  test("has today's image once it is gone altogether", () => {
    const picture = servingWithout();
    const { images } = picture.settings;
    picture.settings = { ...picture.settings, images: { ...images, consul: "consul:2" } };
    picture.lose(SIDECAR);
    picture.settle();
    expect(picture.container(SIDECAR).image).toBe("consul:2");
  });
});

test("an image is never looked for under a name with references in it", () => {
  const connect: Connect = aConnect({}, {}, { image: "proxy:${NOMAD_META_v}" });
  const tasks = [aTask({}, { image: "app:${NOMAD_META_v}" })];
  const picture = Picture.of(
    aJob({ groups: [aGroup({ services: [aService({ connect })], tasks, meta: { v: "3" } })] }),
  );
  expect(picture.lookups().images).toEqual(["busybox:1"]);
  picture.settle();
  expect(picture.made.map(({ image }) => image)).toEqual(["busybox:1", "proxy:3", "app:3"]);
});
