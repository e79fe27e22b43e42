/** Reading DOCKER_HOST. */
import { describe, expect, test } from "vitest";
import { addressText, dockerAddress, dockerClient } from "../../../../src/adapters/docker/connection.ts";

describe("DOCKER_HOST", () => {
  test.each([
    [undefined, { socketPath: "/var/run/docker.sock" }],
    ["", { socketPath: "/var/run/docker.sock" }],
    ["unix:///run/user/1000/docker.sock", { socketPath: "/run/user/1000/docker.sock" }],
    ["tcp://10.0.0.1:4000", { host: "10.0.0.1", port: 4000, protocol: "http" }],
    ["tcp://10.0.0.1", { host: "10.0.0.1", port: 2375, protocol: "http" }],
    ["https://docker.test:2376/", { host: "docker.test", port: 2376, protocol: "https" }],
  ])("%s is understood", (given, address) => {
    expect(dockerAddress(given)).toEqual(address);
  });

  test.each(["ssh://root@host", "unix://", "unix://relative.sock", "docker.sock", "tcp://", "tcp://host:1/path"])(
    "%s is refused with what to write instead",
    (given) => {
      expect(() => dockerAddress(given)).toThrow(
        `DOCKER_HOST is "${given}": give unix:///path/to/docker.sock or tcp://`,
      );
    },
  );

  test("is shown as people write it", () => {
    expect(addressText({ socketPath: "/a.sock" })).toBe("unix:///a.sock");
    expect(addressText({ host: "h", port: 1, protocol: "http" })).toBe("tcp://h:1");
  });
});

test("the client goes where it is told, whatever this process's own DOCKER_HOST says", () => {
  const before = process.env["DOCKER_HOST"];
  process.env["DOCKER_HOST"] = "tcp://elsewhere.test:1";
  try {
    expect(dockerClient({ socketPath: "/a.sock" }).modem).toMatchObject({ socketPath: "/a.sock", host: undefined });
  } finally {
    if (before === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = before;
  }
});
