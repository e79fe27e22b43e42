/** Cases of what brings files into a task, and of the room they take: template, artifact, volume, logs, ephemeral_disk, resources. */
import { block, group, task } from "./cases.ts";
import type { Cases } from "./cases.ts";

const TO = 'destination = "local/x"';
const template = (...lines: readonly string[]) => task(block("template", 'data = "x"', TO, ...lines));
const into = (destination: string) => task(block("template", 'data = "x"', `destination = ${destination}`));
const OUTSIDE = "The destination is outside of the allocation's directory";

export const TEMPLATE: Cases = {
  refused: [
    [task(`§${block("template", TO)}`), "A template needs its text"],
    [task(`§${block("template", 'data = "x"')}`), "A template needs a destination"],
    [into('§""'), "A template needs a destination"],
    [into('§"../../x"'), OUTSIDE],
    [into('§"/../a/../../x"'), OUTSIDE],
    [template('change_mode = §"reload"'), 'change_mode "reload" does not exist'],
    [
      template('change_mode = §"signal"', 'change_signal = "SIGHUP"', "env = true"),
      "A signal does not change the environment",
    ],
    [template('change_mode = §"script"'), 'change_mode "script" needs a change_script block'],
    [template('change_mode = "script"', "§change_script {\n}"), "A change_script block needs a command"],
    [template('splay = §"-1s"'), "splay cannot be negative"],
    [template('perms = §"999"'), '"999" is not the mode of a file'],
    [template('perms = §"77777"'), '"77777" is not the mode of a file'],
    [template('perms = §"rw"'), '"rw" is not the mode of a file'],
    [template(block("wait", 'min = §"10s"', 'max = "5s"')), "min cannot be longer than max"],
    [
      task(block("template", 'data = "x"', TO), block("template", 'data = "y"', 'destination = §"local/x"')),
      'Another template of this task is written to "local/x"',
    ],
  ],
  allowed: [
    task(block("template", 'source = "local/y"', TO)),
    into('"../x"'),
    into('"/../x"'),
    into('"${NOMAD_SECRETS_DIR}/x"'),
    template('change_mode = "signal"'),
    template('change_mode = "signal"', 'change_signal = "SIGHUP"'),
    template('change_mode = "noop"', "env = true"),
    template('change_mode = "script"', block("change_script", 'command = "/bin/x"')),
    template('perms = "7777"'),
    template('perms = ""'),
    template(block("wait", 'min = "10s"')),
    template(block("wait", 'min = "10s"', 'max = "10s"')),
  ],
  stricter: [[task(block("template", 'data = "x"', 'source = §"y"', TO)), "A template has either data or a source"]],
};

const artifact = (...lines: readonly string[]) => task(block("artifact", 'source = "http://x/y"', ...lines));
const checksum = (value: string) => artifact(block("options", `checksum = ${value}`));
const MD5 = "0123456789abcdef".repeat(2);

export const ARTIFACT: Cases = {
  refused: [
    [task("§artifact {\n}"), "An artifact needs a source"],
    [task(block("artifact", 'source = §""')), "An artifact needs a source"],
    [artifact('mode = §"archive"'), 'mode "archive" does not exist'],
    [artifact('destination = §"../../x"'), OUTSIDE],
    [checksum('§""'), "A checksum has its kind before it"],
    [checksum(`§"${MD5}"`), "A checksum has its kind before it"],
    [checksum(`§"md5:${MD5}:x"`), "A checksum has its kind before it"],
    [checksum(`§"crc32:${MD5}"`), 'There is no checksum "crc32"'],
    [checksum(`§"sha1:${MD5}"`), "This is no checksum of sha1"],
    [checksum('§"md5:zz"'), "This is no checksum of md5"],
  ],
  allowed: [
    artifact(),
    artifact('mode = "file"', 'destination = "local/x"'),
    checksum(`"md5:${MD5}"`),
    checksum(`" md5:${MD5.toUpperCase()} "`),
    checksum(`"sha512:${MD5.repeat(4)}"`),
    checksum('"md5:${NOMAD_META_sum}"'),
  ],
};

const volume = (...lines: readonly string[]) => block('volume "data"', ...lines);
const AT = 'destination = "/x"';
const mounted = (...lines: readonly string[]) =>
  group(volume('type = "host"', 'source = "s"')).replace("config {", `${block("volume_mount", ...lines)}\nconfig {`);

export const VOLUME: Cases = {
  refused: [
    [group(`§${volume('type = "host"')}`), "A volume needs a source"],
    [group(volume('type = "host"', 'source = §""')), "A volume needs a source"],
    [
      group(volume('type = "host"', 'source = "s"', 'access_mode = §"single-node-writer"')),
      "A volume of the host has no access_mode",
    ],
    [
      group(volume('type = "host"', 'source = "s"', 'attachment_mode = §"file-system"')),
      "A volume of the host has no attachment_mode",
    ],
    [group(volume('type = "host"', 'source = "s"', "per_alloc = §true")), "A volume of the host has no per_alloc"],
    [
      group(volume('type = "host"', 'source = "s"', "§mount_options {\n}")),
      "A volume of the host has no mount_options",
    ],
    [mounted('volume = §"date"', AT), 'The group has no volume "date"'],
    [mounted('volume = §""', AT), "A volume_mount block needs volume"],
    [task(block("volume_mount", 'volume = §"data"', AT)), 'The group has no volume "data"'],
    [
      mounted('volume = §"data"', AT).replace('type = "host"', ""),
      'The volume "data" has no type, so it cannot be mounted',
    ],
  ],
  allowed: [
    group(volume()),
    group(volume('source = "s"')),
    group(volume('type = "host"', 'source = "s"', "read_only = true")),
    mounted('volume = "data"', AT),
    mounted('volume = "data"', AT, 'propagation_mode = "bidirectional"'),
  ],
  stricter: [
    [group(volume('type = §"nfs"', 'source = "s"')), 'type "nfs" does not exist'],
    [mounted(AT).replace("volume_mount", "§volume_mount"), "A volume_mount block needs volume"],
  ],
  crashes: [
    [mounted('volume = "data"').replace("volume_mount", "§volume_mount"), "A volume_mount block needs destination"],
  ],
};

const logs = (...lines: readonly string[]) => block("logs", ...lines);
const disk = (size: string) => block("ephemeral_disk", `size = ${size}`);

export const DISK: Cases = {
  refused: [
    [group(disk("§9")), "size must be at least 10"],
    [group(disk("§100")), 'The logs of task "t" may take 100 MiB, and the group\'s disk has 100'],
    [task(`§${logs("max_files = 30")}`), 'The logs of task "t" may take 300 MiB, and the group\'s disk has 300'],
    [task(logs("max_files = §0")), "max_files must be at least 1"],
    [task(logs("max_file_size = §0")), "max_file_size must be at least 1"],
  ],
  allowed: [
    group(disk("101")),
    task(logs("max_files = 29")),
    task(logs("max_files = 1", "max_file_size = 1")),
    group(disk("20")).replace("config {", `${logs("max_files = 1")}\nconfig {`),
  ],
};

const resources = (...lines: readonly string[]) => task(block("resources", ...lines));

export const RESOURCES: Cases = {
  refused: [
    [resources("cpu = 100", "cores = §2"), "A task has either cpu or cores"],
    [resources("memory_max = §200"), "memory_max cannot be less than memory"],
    [resources("memory = 500", "memory_max = §499"), "memory_max cannot be less than memory"],
  ],
  allowed: [
    resources("cores = 2"),
    resources("memory = 500", "memory_max = 500"),
    resources("memory_max = 0"),
    resources("disk = 1"),
  ],
  stricter: [[resources("cores = §-1"), "cores cannot be negative"]],
};
