/** Cases of update, migrate and reschedule blocks. */
import { block, group, job, system, task } from "./cases.ts";
import type { Cases } from "./cases.ts";

const update = (...lines: readonly string[]) => block("update", ...lines);
const migrate = (...lines: readonly string[]) => block("migrate", ...lines);
const limited = (...lines: readonly string[]) => block("reschedule", "unlimited = false", ...lines);

const NOT_SHORTER = "min_healthy_time must be shorter than healthy_deadline";
const TOO_SHORT = "healthy_deadline must be shorter than progress_deadline";

export const UPDATE: Cases = {
  refused: [
    [group(update("max_parallel = §-1")), "max_parallel cannot be negative"],
    [group(update("canary = §-1")), "canary cannot be negative"],
    [group(update("auto_promote = §true")), "auto_promote needs canaries to promote"],
    [group(update('min_healthy_time = §"-1s"')), "min_healthy_time cannot be negative"],
    [group(update('min_healthy_time = §"6m"')), NOT_SHORTER],
    [group(update('healthy_deadline = §"10s"')), NOT_SHORTER],
    [group(update('healthy_deadline = §"10m"')), TOO_SHORT],
    [group(update('progress_deadline = §"5m"')), TOO_SHORT],
    [group(update('progress_deadline = §"-5m"')), "progress_deadline cannot be negative"],
    [group(update('healthy_deadline = §"0s"')), "healthy_deadline must be longer than 0s"],
    [group(update('stagger = §"0s"')), "stagger must be longer than 0s"],
    [
      group(update('§health_check = "chekcs"')).replace("§", "").replace('"chekcs"', '§"chekcs"'),
      'health_check "chekcs" does not exist',
    ],
    [job(update('min_healthy_time = §"6m"')), NOT_SHORTER],
    [
      job(update("canary = 0")).replace(' group "g" {', ' group "g" {\nupdate {\nauto_promote = §true\n}'),
      "auto_promote needs canaries to promote",
    ],
    [task('kill_timeout = §"11m"'), "kill_timeout is longer than the progress_deadline of an update"],
    [
      group(update('progress_deadline = "20m"')).replace("config {", 'kill_timeout = §"21m"\nconfig {'),
      "kill_timeout is longer than the progress_deadline of an update",
    ],
  ],
  allowed: [
    group(update("max_parallel = 0")),
    group(update("canary = 1", "auto_promote = true")),
    group(update('progress_deadline = "0s"', 'healthy_deadline = "1h"')),
    group(update('min_healthy_time = "0s"')),
    group(update('health_check = "manual"')),
    job(update("canary = 1")).replace(' group "g" {', ' group "g" {\nupdate {\nauto_promote = true\n}'),
    group(update('progress_deadline = "20m"')).replace("config {", 'kill_timeout = "19m"\nconfig {'),
    group(update('progress_deadline = "0s"')).replace("config {", 'kill_timeout = "19m"\nconfig {'),
    system().replace("config {", 'kill_timeout = "11m"\nconfig {'),
    system(update("max_parallel = 2")),
  ],
};

export const MIGRATE: Cases = {
  refused: [
    [group(migrate("max_parallel = §-1")), "max_parallel cannot be negative"],
    [group(migrate('health_check = §"manual"')), "Nobody can say by hand that a moved allocation is healthy"],
    [group(migrate('min_healthy_time = §"6m"')), NOT_SHORTER],
    [job(migrate('min_healthy_time = §"6m"')), NOT_SHORTER],
    [group(migrate('healthy_deadline = §"-1s"')), "healthy_deadline cannot be negative"],
    [system(`§${migrate()}`), "A system job cannot have migrate"],
  ],
  allowed: [group(migrate('min_healthy_time = "5m"')), group(migrate("max_parallel = 0"))],
};

export const RESCHEDULE: Cases = {
  refused: [
    [group(limited("attempts = §30", 'interval = "1h"')), "30 attempts do not fit into the interval"],
    [group(`§${limited("attempts = 1")}`), "Attempts are counted in an interval of at least 15s"],
    [group(limited("attempts = 1", 'interval = §"14s"')), "Attempts are counted in an interval of at least 15s"],
    [
      group(limited("attempts = 1", 'interval = "1h"', 'delay = §"1s"')),
      "The delay of a reschedule policy must be at least 5s",
    ],
    [group(limited("attempts = 1", 'interval = "1h"', 'max_delay = §"1s"')), "max_delay cannot be shorter than delay"],
    [group(limited("attempts = §2", 'interval = "1m"')), "2 attempts do not fit into the interval"],
    [
      group(limited("attempts = §3", 'interval = "50s"', 'delay = "20s"', 'delay_function = "constant"')),
      "3 attempts do not fit into the interval",
    ],
    [
      group(limited("attempts = §5", 'interval = "149s"', 'delay_function = "fibonacci"')),
      "5 attempts do not fit into the interval",
    ],
    [job(limited("attempts = §30", 'interval = "1h"')), "30 attempts do not fit into the interval"],
    [
      system().replace(' group "g" {', ` §${block("reschedule", "attempts = 1")}\n group "g" {`),
      "A system job cannot be rescheduled",
    ],
    [
      group(limited("attempts = §5", 'interval = "90s"', 'max_delay = "40s"', 'delay_function = "fibonacci"')),
      "5 attempts do not fit into the interval",
    ],
    [
      group(limited("attempts = §4", 'interval = "130s"', 'max_delay = "40s"')),
      "4 attempts do not fit into the interval",
    ],
  ],
  allowed: [
    group(limited("attempts = 3", 'interval = "1h"')),
    group(limited("attempts = 2", 'interval = "61s"')),
    group(limited("attempts = 3", 'interval = "1m"', 'delay = "20s"', 'delay_function = "constant"')),
    group(limited("attempts = 5", 'interval = "150s"', 'delay_function = "fibonacci"')),
    group(limited("attempts = 0")),
    group(limited("attempts = 4", 'interval = "151s"', 'max_delay = "40s"')),
    group(limited("attempts = 5", 'interval = "120s"', 'max_delay = "40s"', 'delay_function = "fibonacci"')),
  ],
};
