/** An upgrade that brings another proxy by default: what runs keeps its own until its job changes, and nothing is lost meanwhile. */
import { describe, expect, test } from "vitest";
import { aMeshService, anUpstream, aTask, envoySettings } from "../../support/builders.ts";
import { countdash, countdashApi, countdashDashboard } from "../../support/countdash.ts";
import { Picture } from "../../support/picture.ts";

const OFF = "gRPC is off";

/** It ran with the proxy `consul`; a new process has Envoy as its proxy. */
function upgraded(group = countdashApi(), over = {}): Picture {
  const picture = Picture.of({ ...countdash(), groups: [group] });
  picture.settle();
  expect(picture.status.state).toBe("running");
  picture.settings = envoySettings(over);
  picture.restart();
  return picture;
}

const dashboard = (image: string, config = {}): ReturnType<typeof countdashDashboard> =>
  countdashDashboard({
    services: [aMeshService({ name: "count-dashboard", port: "http" }, { upstreams: [anUpstream()], config })],
    tasks: [aTask({ name: "dashboard" }, { image })],
  });

describe("what the release before made with the proxy consul", () => {
  test.each([{}, { problem: OFF }])("runs on untouched, with Envoy %j", (over) => {
    const picture = upgraded(countdashDashboard(), over);
    expect(picture.settle()).toEqual([]);
    expect(picture.status.state).toBe("running");
  });

  test("is repaired with its own proxy", () => {
    const picture = upgraded();
    picture.exit("connect-proxy-count-api", 137);
    expect(picture.settle()).toContain("A run-member connect-proxy-count-api");
    expect(picture.made.at(-1)).toMatchObject({ image: "consul:1", entrypoint: ["consul"] });
    expect(picture.status.state).toBe("running");
  });

  test("gives way to one with Envoy when its job changes, and is kept in repair until then", () => {
    const picture = upgraded();
    picture.mute.add("next");
    picture.want(countdash(), countdashApi({ tasks: [aTask({ name: "next" }, { image: "app:2" })] }), countdashApi());
    expect(picture.settle().filter((step) => step.startsWith("A "))).toEqual([]);
    picture.exit("web", 1, "A");
    picture.settle();
    picture.now += 15_000;
    expect(picture.settle()).toContain("A run-member web");
    picture.mute.clear();
    picture.settle();
    expect(picture.container("connect-proxy-count-api").image).toBe("envoyproxy/envoy:v1.26.6");
    expect(picture.status.state).toBe("running");
  });
});

describe("a static port is not given up for a successor whose Envoy could not be started", () => {
  test.each([
    ["gRPC is off", { problem: OFF }, {}, OFF],
    ["its proxy's config will not do", {}, { envoy_statsd_url: "nonsense" }, "envoy_statsd_url"],
  ])("%s", (_, over, config, reason) => {
    const picture = Picture.of({ ...countdash(), groups: [dashboard("app:1")] });
    picture.settings = envoySettings();
    picture.settle();
    picture.settings = envoySettings(over);
    picture.want(countdash(), dashboard("app:2", config), dashboard("app:1"));
    expect(picture.settle()).toEqual([]);
    expect(picture.status.reason).toContain(reason);
    expect(picture.container("dashboard").image).toBe("app:1");
  });
});
