/** Rows of a job file's top level and of its job: the root of the table. */
import { GROUP } from "./group.ts";
import { AFFINITY, CONSTRAINT, MIGRATE, RESCHEDULE, SPREAD, UPDATE } from "./policies.ts";
import { MULTIREGION, NO_BATCH, PARAMETERIZED, PERIODIC, VAULT } from "./refused.ts";
import { apiOnly, field, inner, moot, newer } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";
import { TASK } from "./task.ts";

const OWN_TOKEN = "Take it out: Remora uses the tokens it was started with, and a job file is no place for secrets";

const JOB_TABLE: BlockTable = {
  path: "job",
  name: "a job block",
  rows: [
    field("region", "text", "The region", {
      default: "global",
      support: moot("Every host that has the file runs the job; tasks see it as NOMAD_REGION"),
    }),
    field("namespace", "text", "The namespace", {
      default: "default",
      support: moot("All jobs of a host are in one namespace; tasks see it as NOMAD_NAMESPACE"),
    }),
    field("id", "text", "The job's id; the label without it", { api: "ID" }),
    field("name", "text", "The job's name; the label without it"),
    field("type", "text", "service, or system for one allocation on each host", {
      default: "service",
      choices: ["service", "system"],
      values: [
        { matches: /^batch$/, example: "batch", support: NO_BATCH },
        { matches: /^sysbatch$/, example: "sysbatch", support: NO_BATCH },
      ],
    }),
    field("priority", "integer", "1 to 100", {
      default: 50,
      support: moot("Every job is run, so none goes before another"),
    }),
    field("all_at_once", "bool", "Places what fits although not all does", {
      default: false,
      nullable: true,
      support: moot("Every job is run as a whole"),
    }),
    field("datacenters", "texts", "Where it runs: names of Consul's datacenters"),
    CONSTRAINT,
    AFFINITY,
    GROUP,
    UPDATE,
    MULTIREGION,
    SPREAD,
    PERIODIC,
    PARAMETERIZED,
    { ...RESCHEDULE, api: "Reschedule", doc: "Under each group's reschedule, field by field" },
    MIGRATE,
    field("meta", "text map", "Metadata, also as NOMAD_META_KEY"),
    field("consul_token", "text", "A token of Consul", { default: "", nullable: true, support: moot(OWN_TOKEN) }),
    field("vault_token", "text", "A token of Vault", { default: "", nullable: true, support: moot(OWN_TOKEN) }),
    apiOnly("Stop", false),
    apiOnly("ParentID", ""),
    apiOnly("Dispatched", false),
    apiOnly("DispatchIdempotencyToken"),
    apiOnly("Payload"),
    ...["ConsulNamespace", "VaultNamespace", "NomadTokenID", "Status", "StatusDescription"].map((name) =>
      apiOnly(name, ""),
    ),
    apiOnly("Stable", false),
    apiOnly("Version", 0),
    apiOnly("SubmitTime"),
    ...["CreateIndex", "ModifyIndex", "JobModifyIndex"].map((name) => apiOnly(name, 0)),
    { ...VAULT, api: "" },
    { ...TASK, api: "", doc: "Short for a group of the same name with this task" },
    newer("node_pool", "a job block"),
    newer("restart", "a job block"),
    newer("ui", "a job block", "UI"),
  ],
};

export const JOB: Inner = inner("job", JOB_TABLE, "The job", { label: "ID", form: "map" });

/** They are read, and gone, before the table is applied. */
const DECLARED = {
  variable: "A value that is given from outside, in any number of blocks",
  variables: "Variables with nothing but their defaults",
  locals: "Values with names",
};

export const FILE: BlockTable = {
  path: "",
  name: "a job file",
  rows: [
    JOB,
    ...Object.entries(DECLARED).map(([name, doc]) =>
      inner(name, { path: name, name: `a ${name} block`, rows: [] }, doc, { api: "", form: "list", either: true }),
    ),
  ],
};
