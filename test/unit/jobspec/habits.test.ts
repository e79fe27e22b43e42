/** Names that look like a misspelt `var` or `local` stay as text: that is told at their place, with what was probably meant. */
import { expect, test } from "vitest";
import { errorsOf, serviceOf, serviceText, taskText, warningsOf } from "./support.ts";

function warned(reference: string): string {
  return errorsOf(taskText(`env {\n A = ${reference}\n }`));
}

test.each([
  ["locals.image", "Did you mean local.image?"],
  ["variable.image", "Did you mean var.image?"],
  ["variables.image", "Did you mean var.image?"],
  ["vars.image", "Did you mean var.image?"],
  ["lcoal.image", "Did you mean local.image?"],
  ["each.value", 'In a dynamic block the item is called as the block is: dynamic "service" has service.value'],
])("%s is a warning", (reference, advice) => {
  const sentence = `warning: "${reference}" stays as text until the task starts`;
  expect(warned(reference)).toBe(`job.nomad.hcl:8:6: ${sentence}\n   A = ${reference}\n       ^\n  ${advice}`);
  expect(warned(`"x-\${${reference}}"`)).toBe(
    `job.nomad.hcl:8:11: ${sentence}\n   A = "x-\${${reference}}"\n            ^\n  ${advice}`,
  );
});

test.each(["node.class", "attr.cpu.arch", "meta.zone", 'env["HOME"]', "NOMAD_DC", "device.attr.x", "vars"])(
  "%s is none",
  (reference) => {
    expect(warned(reference)).toBe("");
  },
);

test("in YAML and JSON it has its place too", () => {
  const image = '{"image": "${locals.x}"}';
  const file = `{"job": {"j": {"datacenters": ["dc1"], "group": {"g": {"task": {"t": {"driver": "docker",\n "config": ${image}}}}}}}}`;
  expect(errorsOf(file, "job.json")).toBe(
    'job.json:2:22: warning: In this string: "locals.x" stays as text until the task starts\n' +
      '   "config": {"image": "${locals.x}"}}}}}}}}\n                       ^\n  Did you mean local.x?',
  );
});

test("the names that the file says are filled into the name of a service", () => {
  const inner = "${NOMAD_JOB_NAME}-${NOMAD_JOB_ID}-${ NOMAD_GROUP_NAME }";
  expect(serviceOf(serviceText(`name = "s-${inner}"`)).name).toBe("s-j-j-g");
  const ofTask = taskText('service {\n name = "${NOMAD_GROUP_NAME}-${NOMAD_TASK_NAME}"\n }');
  expect(serviceOf(ofTask).name).toBe("g-t");
});

test("a name that they fill is judged as it is then", () => {
  const text = serviceText('name = "s-${NOMAD_JOB_NAME}"').replace('job "j"', 'job "j_x"');
  expect(errorsOf(text)).toContain('"s-j_x" cannot be the name of a service');
});

test.each(["NOMAD_TASK_NAME", "NOMAD_ALLOC_ID"])("${%s} in the name of a group's service is refused", (name) => {
  expect(errorsOf(serviceText(`name = "s-\${${name}}"`))).toContain(
    "A run-time reference is not supported yet in the name of a service",
  );
  expect(warningsOf(serviceText(`name = "s-\${${name}}"`))).toEqual([]);
});
