/** Which names of images a job may use: those that Docker can read. */
import { expect, test } from "vitest";
import { errorsOf, jobText, summariesOf, taskOf } from "./support.ts";

function imageText(image: string): string {
  return jobText(`task "t" {\n driver = "docker"\n config {\n image = ${JSON.stringify(image)}\n }\n}`);
}

// From what Docker 20.10 answers when a container is to be created from them.
const REFUSED = `
  Foo a/Foo Foo/a docker.io/A LOCALHOST/a a..b a/../b ../a a//b /a a/ a: a:b@c a:b:c a___b a.-b -a https://x/y a.b:x/c
  a@sha256:abc
`;

test.each([...REFUSED.trim().split(/\s+/), "a b", " a", "a\n", "a".repeat(600), "a-".repeat(100_000)])(
  "no image has the name %j",
  (image) => {
    expect(summariesOf(imageText(image))).toEqual(["Docker cannot read this name of an image"]);
  },
);

const HEX = "0a".repeat(32);
const ALLOWED = `
  a a:B_c.d-1 a/b/c a__b a--b a_b.c/d localhost/a localhost:80/a h:5000/a:b h:5000 H.x/a [::1]:50/a
  a@sha256:${HEX} h.x/a:b@sha256:${HEX} sha256:${HEX} ${HEX}
`;

test.each([...ALLOWED.trim().split(/\s+/), "A B${NOMAD_META_tag}"])("an image may have the name %j", (image) => {
  expect(taskOf(imageText(image)).config.image).toBe(image);
});

test("what an image should look like is said below the line that is wrong", () => {
  expect(errorsOf(imageText("Foo"))).toBe(
    [
      "job.nomad.hcl:8:10: Docker cannot read this name of an image",
      '   image = "Foo"',
      "           ^",
      '  Write it as [HOST/]NAME[:TAG], the name in lower case, such as "nginx:1.27"',
    ].join("\n"),
  );
});
