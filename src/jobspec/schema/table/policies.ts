/** Rows of restart, reschedule, update, migrate, and of what steers placement: constraint, affinity, spread, scaling. */
import { apiOnly, field, inner, later, newer } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

const RESTART_TABLE: BlockTable = {
  path: "job.group.restart",
  name: "a restart block",
  rows: [
    field("interval", "duration", "The time in which attempts are counted", { default: "30m" }),
    field("attempts", "integer", "How often a task is restarted in an interval", { default: 2 }),
    field("delay", "duration", "The wait before a restart", { default: "15s" }),
    field("mode", "text", "What happens when all attempts are used up", {
      default: "fail",
      choices: ["fail", "delay"],
    }),
    newer("render_templates", "a restart block"),
  ],
};

export const RESTART: Inner = inner("restart", RESTART_TABLE, "When a task that ended is started again", {
  api: "RestartPolicy",
});

const RESCHEDULE_TABLE: BlockTable = {
  path: "job.group.reschedule",
  name: "a reschedule block",
  rows: [
    field("attempts", "integer", "How often a failed allocation is replaced in an interval", {
      default: 0,
      nullable: true,
      values: [
        {
          matches: /^[1-9]\d*$/,
          example: "3",
          support: later("The attempts are not counted: a failed allocation is replaced without end, ever more slowly"),
        },
      ],
    }),
    field("interval", "duration", "The time in which attempts are counted", {
      default: "0s",
      support: later("The attempts of an interval are not counted"),
    }),
    field("delay", "duration", "The wait before the first replacement", { default: "30s" }),
    field("delay_function", "text", "How the wait grows", {
      default: "exponential",
      choices: ["constant", "exponential", "fibonacci", ""],
    }),
    field("max_delay", "duration", "The longest wait", { default: "1h" }),
    field("unlimited", "bool", "Replaces a failed allocation without end", { default: true }),
  ],
};

export const RESCHEDULE: Inner = inner("reschedule", RESCHEDULE_TABLE, "When a failed allocation is replaced", {
  api: "ReschedulePolicy",
});

const HEALTH_CHECKS = ["checks", "task_states", "manual"] as const;

const UPDATE_TABLE: BlockTable = {
  path: "job.group.update",
  name: "an update block",
  rows: [
    field("stagger", "duration", "The wait between two steps of a system job", { default: "30s" }),
    field("max_parallel", "integer", "How many allocations are replaced at a time", { default: 1 }),
    field("health_check", "text", "What makes an allocation healthy", { default: "checks", choices: HEALTH_CHECKS }),
    field("min_healthy_time", "duration", "How long it must be healthy", { default: "10s" }),
    field("healthy_deadline", "duration", "By when it must be healthy", { default: "5m" }),
    field("progress_deadline", "duration", "By when the deployment must get on", { default: "10m" }),
    field("canary", "integer", "How many allocations are tried before the rest", { default: 0, nullable: true }),
    field("auto_revert", "bool", "Goes back to the last good version", { default: false, nullable: true }),
    field("auto_promote", "bool", "Goes on by itself when the canaries are healthy", {
      default: false,
      nullable: true,
    }),
  ],
};

export const UPDATE: Inner = inner("update", UPDATE_TABLE, "How a new version replaces the old one", {
  support: later("A changed group is replaced without regard to it"),
});

const MIGRATE_TABLE: BlockTable = {
  path: "job.group.migrate",
  name: "a migrate block",
  rows: [
    field("max_parallel", "integer", "How many allocations leave a host at a time", { default: 1 }),
    field("health_check", "text", "What makes an allocation healthy", { default: "checks", choices: HEALTH_CHECKS }),
    field("min_healthy_time", "duration", "How long it must be healthy", { default: "10s" }),
    field("healthy_deadline", "duration", "By when it must be healthy", { default: "5m" }),
  ],
};

export const MIGRATE: Inner = inner("migrate", MIGRATE_TABLE, "How allocations leave a host that is drained", {
  support: later("Allocations do not move between hosts"),
});

const TARGETS = [
  field("attribute", "text", "What is compared", { api: "LTarget", default: "", nullable: true }),
  field("value", "text", "What it is compared to", { api: "RTarget", default: "", nullable: true }),
  field("operator", "text", "How they are compared", { api: "Operand", default: "", nullable: true }),
] as const;

/** Short forms of `operator` and `value` in one. */
const SUGAR = ["version", "semver", "regexp", "set_contains", "distinct_property"] as const;

const CONSTRAINT_TABLE: BlockTable = {
  path: "job.constraint",
  name: "a constraint block",
  rows: [
    ...TARGETS,
    ...[...SUGAR, "set_contains_all", "set_contains_any"].map((name) =>
      field(name, "text", `Short for operator = "${name}" and its value`, { api: "" }),
    ),
    field("distinct_hosts", "bool", "Each allocation on a host of its own", { api: "" }),
    field("is_set", "text", "The attribute is there; Nomad heeds it only as an operator", { api: "" }),
    field("is_not_set", "text", "The attribute is not there; Nomad heeds it only as an operator", { api: "" }),
  ],
};

export const CONSTRAINT: Inner = inner("constraint", CONSTRAINT_TABLE, "What a host must be like", {
  api: "Constraints",
  form: "list",
  support: later("Every host that has the file runs the job, whatever the constraint says"),
});

const AFFINITY_TABLE: BlockTable = {
  path: "job.affinity",
  name: "an affinity block",
  rows: [
    ...TARGETS,
    field("weight", "integer", "How much it counts, from -100 to 100", { default: 50 }),
    ...["version", "semver", "regexp", "set_contains", "set_contains_all", "set_contains_any"].map((name) =>
      field(name, "text", `Short for operator = "${name}" and its value`, { api: "" }),
    ),
  ],
};

export const AFFINITY: Inner = inner("affinity", AFFINITY_TABLE, "What a host is better like", {
  api: "Affinities",
  form: "list",
  support: later("Every host that has the file runs the job, so none is preferred"),
});

const SPREAD_TARGET: Inner = inner(
  "target",
  {
    path: "job.spread.target",
    name: "a target block",
    rows: [field("percent", "integer", "Its share of the allocations", { default: 0, bounds: [0, 255] })],
  },
  "A value of the attribute, and its share",
  { api: "SpreadTarget", label: "Value", form: "list" },
);

const SPREAD_TABLE: BlockTable = {
  path: "job.spread",
  name: "a spread block",
  rows: [
    field("attribute", "text", "Over what the allocations are spread", { default: "" }),
    field("weight", "integer", "How much it counts, from 0 to 100", { default: 50, bounds: [-128, 127] }),
    SPREAD_TARGET,
  ],
};

export const SPREAD: Inner = inner("spread", SPREAD_TABLE, "Over what allocations are spread", {
  api: "Spreads",
  form: "list",
  support: later("Every host that has the file runs the job, so nothing is spread"),
});

const SCALING_TABLE: BlockTable = {
  path: "job.group.scaling",
  name: "a scaling block",
  rows: [
    field("min", "integer", "The least count"),
    field("max", "integer", "The greatest count", { required: true }),
    field("policy", "opaque map", "What an autoscaler goes by", { asBlock: true }),
    field("enabled", "bool", "Lets an autoscaler change the count", { default: true }),
    field("type", "text", "What is scaled", { default: "horizontal", nullable: false, choices: ["horizontal", ""] }),
    apiOnly("ID", ""),
    apiOnly("Namespace", ""),
    apiOnly("Target"),
    apiOnly("CreateIndex", 0),
    apiOnly("ModifyIndex", 0),
  ],
};

export const SCALING: Inner = inner("scaling", SCALING_TABLE, "The bounds of an autoscaler", {
  support: later("The count stays as it is written; without count it is min"),
});

const TASK_SCALING_ROWS = [
  field("max", "integer", "The greatest value"),
  field("type", "text", "What is scaled", { default: "", choices: ["", "vertical_cpu", "vertical_mem"] }),
];

export const TASK_SCALING: Inner = inner(
  "scaling",
  {
    ...SCALING_TABLE,
    path: "job.group.task.scaling",
    rows: SCALING_TABLE.rows.map((row) => TASK_SCALING_ROWS.find(({ api }) => api === row.api) ?? row),
  },
  "The bounds of an autoscaler for cpu or memory",
  {
    api: "ScalingPolicies",
    label: "Type",
    labels: ["cpu", "mem"],
    form: "list",
    support: later("The resources stay as they are written"),
  },
);
