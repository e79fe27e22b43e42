/** The rules for templates and artifacts: files that are put into a task's directory (Nomad's). */
import { isDeferred } from "../judge.ts";
import { duplicates, seconds } from "./part.ts";
import type { Part } from "./part.ts";
import { escapes } from "./paths.ts";

/** Twelve bits. */
const MAX_PERMS = 0o7777;

export function judgeTemplates(templates: readonly Part[]): void {
  for (const template of templates) judgeTemplate(template);
  duplicates(
    templates.filter((template) => template.text("destination") !== ""),
    (template) => template.text("destination"),
    (template, destination, first) => {
      template.refuse("destination", `Another template of this task is written to "${destination}"`, undefined, first);
    },
  );
}

function judgeTemplate(template: Part): void {
  judgeSource(template);
  judgeDestination(template);
  if (template.isSure("change_mode", "env")) judgeChange(template);
  template.notNegative("splay");
  judgePerms(template);
  const wait = template.one("wait");
  if (wait !== undefined) judgeWait(wait);
}

function judgeSource(template: Part): void {
  if (!template.isSure("source", "data")) return;
  const [source, data] = [template.text("source") !== "", template.text("data") !== ""];
  if (!source && !data)
    template.refuse(undefined, "A template needs its text", "Write data = <<EOT … or source = FILE");
  if (!source || !data) return;
  template.refuse("source", "A template has either data or a source", "Take one of them out");
}

function judgeDestination(template: Part): void {
  const destination = template.text("destination");
  if (destination === "" && template.isSure("destination")) {
    template.refuse(
      "destination",
      "A template needs a destination",
      'Write destination = "local/FILE" or "secrets/FILE"',
    );
  }
  if (escapes(destination)) refuseEscape(template);
}

export function refuseEscape(part: Part): void {
  const detail = 'Write a path in the task\'s directory, such as "local/FILE"';
  part.refuse("destination", "The destination is outside of the allocation's directory", detail);
}

function judgeChange(template: Part): void {
  const mode = template.text("change_mode");
  const script = template.one("change_script");
  if (mode === "signal" && template.bool("env")) {
    const detail = 'A running task cannot get another environment: write change_mode = "restart"';
    template.refuse("change_mode", "A signal does not change the environment", detail);
  }
  if (mode !== "script") return;
  if (script === undefined) {
    const detail = "Write change_script { command = … } in the template";
    return template.refuse("change_mode", 'change_mode "script" needs a change_script block', detail);
  }
  if (script.isSure("command") && script.text("command") === "") {
    script.refuse("command", "A change_script block needs a command", "It is a path inside the container");
  }
}

function judgePerms(template: Part): void {
  const perms = template.text("perms");
  if (perms === "" || isDeferred(perms)) return;
  if (/^[0-7]+$/.test(perms) && Number.parseInt(perms, 8) <= MAX_PERMS) return;
  template.refuse("perms", `"${perms}" is not the mode of a file`, 'Write it in octal, such as "0644"');
}

function judgeWait(wait: Part): void {
  if (!wait.has("min") || !wait.has("max") || wait.number("min") <= wait.number("max")) return;
  const detail = `They are ${seconds(wait.number("min"))} and ${seconds(wait.number("max"))}`;
  wait.refuse("min", "min cannot be longer than max", detail);
}
