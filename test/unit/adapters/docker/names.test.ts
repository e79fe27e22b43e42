/** Names that become part of a request's path. */
import { assert, property, stringMatching } from "fast-check";
import { expect, test } from "vitest";
import { inPath } from "../../../../src/adapters/docker/names.ts";

const CALL = { operation: "image inspect", subject: "", write: false };

test.each(["busybox:stable", "127.0.0.1:5000/a/b@sha256:00ff", "web-1f3c", "My_App.1"])("%s is a name", (name) => {
  expect(decodeURIComponent(inPath(name, CALL))).toBe(name);
});

test.each(["", "..", "a/../b", "a//b", "/a", "a/", "./a", "a?b", "a#b", "a b", "a%2e%2e", "ä"])(
  "%j is refused for good",
  (name) => {
    expect(() => inPath(name, CALL)).toThrow(
      expect.objectContaining({ code: "rejected", effect: "none", retry: "never" }),
    );
  },
);

test("whatever is let through stays one segment of a path that needs no tidying", () => {
  assert(
    property(stringMatching(/^[a-z./:%?-]{0,12}$/), (name) => {
      try {
        const path = `/images/${inPath(name, CALL)}/json`;
        expect(new URL(path, "http://docker").pathname).toBe(path);
        expect(decodeURIComponent(path)).not.toMatch(/\/\.{0,2}\//);
      } catch (error) {
        expect(error).toMatchObject({ code: "rejected" });
      }
    }),
  );
});
