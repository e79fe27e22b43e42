/** The metrics text after events. */
import { expect, test } from "vitest";
import { PHASES } from "../../../src/model/status.ts";
import { createMetrics } from "../../../src/telemetry/metrics.ts";
import { alloc, diagnostic, EVERY_EVENT, group } from "./events.ts";

let now = 0;

function metrics(): ReturnType<typeof createMetrics> & {
  readonly lines: (name: string) => Promise<readonly string[]>;
} {
  now = 1_000_000;
  const made = createMetrics({ clock: { now: () => now }, runtime: false });
  const lines = async (name: string): Promise<readonly string[]> =>
    (await made.text()).split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return { ...made, lines };
}

test("the queue's metrics have client-go's names and are there before anything happened", async () => {
  const text = await metrics().text();
  for (const name of [
    "workqueue_depth",
    "workqueue_adds_total",
    "workqueue_retries_total",
    "workqueue_unfinished_work_seconds",
    "workqueue_longest_running_processor_seconds",
    "workqueue_queue_duration_seconds_count",
    "workqueue_work_duration_seconds_count",
  ])
    expect(text).toContain(`${name}{name="remora"} 0\n`);
});

test("the queue is counted: adds, depth, retries, waiting and working time in seconds", async () => {
  const { observer, lines } = metrics();
  observer({ kind: "queue-add", depth: 1 });
  observer({ kind: "queue-add", depth: 2 });
  observer({ kind: "queue-get", depth: 1, waited: 250 });
  observer({ kind: "queue-retry", key: "a/b", delay: 100 });
  observer({ kind: "queue-done", took: 2_000 });
  expect(await lines("workqueue_adds_total")).toEqual(['workqueue_adds_total{name="remora"} 2']);
  expect(await lines("workqueue_depth")).toEqual(['workqueue_depth{name="remora"} 1']);
  expect(await lines("workqueue_retries_total")).toEqual(['workqueue_retries_total{name="remora"} 1']);
  expect(await lines("workqueue_queue_duration_seconds_sum")).toEqual([
    'workqueue_queue_duration_seconds_sum{name="remora"} 0.25',
  ]);
  expect(await lines("workqueue_work_duration_seconds_sum")).toEqual([
    'workqueue_work_duration_seconds_sum{name="remora"} 2',
  ]);
});

test("turns in progress show their age, and a turn that ends takes its own age with it", async () => {
  const { observer, lines } = metrics();
  observer({ kind: "queue-get", depth: 0, waited: 0 });
  now += 10_000;
  observer({ kind: "queue-get", depth: 0, waited: 0 });
  now += 5_000;
  expect(await lines("workqueue_unfinished_work_seconds")).toEqual([
    'workqueue_unfinished_work_seconds{name="remora"} 20',
  ]);
  observer({ kind: "queue-done", took: 5_000 });
  expect(await lines("workqueue_unfinished_work_seconds")).toEqual([
    'workqueue_unfinished_work_seconds{name="remora"} 15',
  ]);
  expect(await lines("workqueue_longest_running_processor_seconds")).toEqual([
    'workqueue_longest_running_processor_seconds{name="remora"} 15',
  ]);
});

test("turns, steps, tokens and calls are counted with their labels", async () => {
  const { observer, lines } = metrics();
  observer(EVERY_EVENT.reconciled);
  observer(EVERY_EVENT.step);
  observer({ ...EVERY_EVENT.step, error: "no" });
  observer(EVERY_EVENT.tokens);
  observer(EVERY_EVENT["token-minted"]);
  observer(EVERY_EVENT["token-deleted"]);
  observer(EVERY_EVENT["api-call"]);
  expect(await lines("remora_reconcile_total")).toEqual([
    'remora_reconcile_total{result="settled"} 0',
    'remora_reconcile_total{result="acted"} 1',
    'remora_reconcile_total{result="waiting"} 0',
    'remora_reconcile_total{result="failed"} 0',
  ]);
  expect(await lines("remora_reconcile_time_seconds_sum")).toEqual(["remora_reconcile_time_seconds_sum 0.03"]);
  expect(await lines("remora_reconcile_steps_total")).toEqual([
    'remora_reconcile_steps_total{step="run-member",outcome="ok"} 1',
    'remora_reconcile_steps_total{step="run-member",outcome="error"} 1',
  ]);
  expect(await lines("remora_tokens")).toEqual(["remora_tokens 4"]);
  expect(await lines("remora_token_minted_total")).toEqual(["remora_token_minted_total 1"]);
  expect(await lines("remora_token_deleted_total")).toEqual(["remora_token_deleted_total 1"]);
  expect(await lines("remora_api_requests_total")).toEqual([
    'remora_api_requests_total{api="docker",operation="POST /containers/create",write="true",outcome="ok",code="201"} 1',
  ]);
  expect(await lines("remora_api_request_duration_seconds_count")).toEqual([
    'remora_api_request_duration_seconds_count{api="docker"} 1',
    'remora_api_request_duration_seconds_count{api="consul"} 0',
  ]);
});

test("a group shows every state and phase, and follows its status", async () => {
  const { observer, lines } = metrics();
  const status = group([alloc("running", { api: "serving" }), alloc("pending", { api: "registered" })]);
  observer({ kind: "status", key: "countdash/api", status });
  const allocations = await lines("remora_allocations");
  expect(allocations).toHaveLength(5);
  expect(allocations).toContain('remora_allocations{job="countdash",group="api",state="running"} 1');
  expect(allocations).toContain('remora_allocations{job="countdash",group="api",state="failed"} 0');
  const phases = await lines("remora_service_phase");
  expect(phases).toHaveLength(PHASES.length);
  expect(phases).toContain('remora_service_phase{job="countdash",group="api",service="api",phase="serving"} 1');
  expect(phases).toContain('remora_service_phase{job="countdash",group="api",service="api",phase="absent"} 0');
});

test("series of services and groups that vanished are removed", async () => {
  const { observer, lines } = metrics();
  const key = "countdash/api";
  observer({ kind: "status", key, status: group([alloc("running", { api: "serving", old: "serving" })]) });
  observer({ kind: "status", key, status: group([alloc("running", { api: "serving" })]) });
  expect((await lines("remora_service_phase")).filter((line) => line.includes('"old"'))).toEqual([]);
  observer({ kind: "status", key, status: undefined });
  expect(await lines("remora_service_phase")).toEqual([]);
  expect(await lines("remora_allocations")).toEqual([]);
});

test("a bad file names file, line and column of every error until it is good or gone", async () => {
  const { observer, lines } = metrics();
  observer({ kind: "file-bad", path: "a.nomad", diagnostics: [diagnostic(3, 14), diagnostic(4, 1, "warning")] });
  observer({ kind: "file-bad", path: "b.nomad", diagnostics: [diagnostic(1, 1)] });
  expect(await lines("remora_job_file_errors")).toEqual([
    'remora_job_file_errors{file="a.nomad",line="3",column="14"} 1',
    'remora_job_file_errors{file="b.nomad",line="1",column="1"} 1',
  ]);
  observer({ kind: "file-bad", path: "a.nomad", diagnostics: [diagnostic(5, 2)] });
  observer({ kind: "file-gone", path: "b.nomad" });
  expect(await lines("remora_job_file_errors")).toEqual([
    'remora_job_file_errors{file="a.nomad",line="5",column="2"} 1',
  ]);
  observer({ kind: "file-good", path: "a.nomad", job: "a", warnings: [] });
  expect(await lines("remora_job_file_errors")).toEqual([]);
});

test("a file of a thousand errors makes a bounded number of series, all of which go again", async () => {
  const { observer, lines } = metrics();
  const diagnostics = Array.from({ length: 1_000 }, (_, line) => diagnostic(line + 1, 1));
  observer({ kind: "file-bad", path: "a.nomad", diagnostics });
  expect((await lines("remora_job_file_errors")).length).toBeLessThan(50);
  observer({ kind: "file-gone", path: "a.nomad" });
  expect(await lines("remora_job_file_errors")).toEqual([]);
});

test("conditions, readings and their age, broken watches, problems and what runs are told", async () => {
  const { observer, lines } = metrics();
  for (const event of Object.values(EVERY_EVENT)) observer(event);
  now += 7_000;
  expect(await lines("remora_condition")).toEqual(['remora_condition{name="consul-acl"} 0']);
  expect(await lines("remora_source_list_total")).toEqual([
    'remora_source_list_total{source="docker",outcome="ok"} 1',
    'remora_source_list_total{source="docker",outcome="error"} 1',
  ]);
  expect(await lines("remora_source_age_seconds")).toEqual(['remora_source_age_seconds{source="docker"} 7']);
  expect(await lines("remora_source_objects")).toEqual(['remora_source_objects{source="docker"} 3']);
  expect(await lines("remora_source_watch_broken_total")).toContain(
    'remora_source_watch_broken_total{source="consul"} 1',
  );
  expect(await lines("remora_problems_total")).toEqual(["remora_problems_total 1"]);
  expect(await lines("remora_build_info")).toEqual([
    'remora_build_info{version="0.1.0",node="web-1",instance="remora"} 1',
  ]);
});

test("two sets of metrics in one process do not meet, and Node's own are there when asked for", async () => {
  const [a, b] = [metrics(), metrics()];
  a.observer(EVERY_EVENT["token-minted"]);
  expect(await b.lines("remora_token_minted_total")).toEqual(["remora_token_minted_total 0"]);
  const withRuntime = createMetrics({ clock: { now: () => 0 }, runtime: true });
  expect(await withRuntime.text()).toContain("process_resident_memory_bytes");
});
