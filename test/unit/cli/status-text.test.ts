/** The page that `remora status` prints. */
import { expect, test } from "vitest";
import { statusText } from "../../../src/cli/status-text.ts";
import { aGroup, anAlloc, aStatus } from "../server/status.ts";

test("a quiet agent says so", () => {
  expect(statusText(aStatus({ jobs: [] }))).toBe("Remora 0.1.0, instance remora on web-1\n\nNo jobs.\n");
});

test("everything that is wrong is there: reasons, held and stale jobs, last errors, conditions, bad files with their place", () => {
  const allocs = [
    anAlloc({ id: "aaaaaaaa-1", state: "pending", reason: "the image web:2 is being pulled", services: [] }),
    anAlloc({ services: [{ name: "api", phase: "draining" }] }),
  ];
  const groups = [
    aGroup({ allocs, lastError: { at: 0, message: "docker: create web: no space left" } }),
    aGroup({ group: "dashboard", allocs: [], state: "frozen", reason: "its file is bad" }),
  ];
  const text = statusText(
    aStatus({
      conditions: [
        { name: "docker", ok: true, message: "", since: 0 },
        { name: "consul", ok: false, message: "has no leader", since: 0 },
        { name: "acl", ok: true, message: "ACLs are off", since: 0, note: true },
      ],
      files: [
        {
          path: "countdash.nomad",
          ok: false,
          diagnostics: [
            {
              severity: "error",
              file: "countdash.nomad",
              line: 3,
              column: 5,
              summary: "Unknown argument",
              snippet: "    drivr = 1",
            },
          ],
        },
      ],
      jobs: [
        { id: "countdash", file: "countdash.nomad", stale: true, state: "degraded", groups },
        { id: "old", stale: false, held: "the directory was empty at start", state: "frozen", groups: [] },
      ],
    }),
  );
  expect(text.split("\n")).toEqual([
    "Remora 0.1.0, instance remora on web-1",
    "",
    "JOB        GROUP      ALLOC     STATE    SERVICES      REASON",
    "countdash  api        aaaaaaaa  pending  -             the image web:2 is being pulled",
    "countdash  api        1f3c9a2b  running  api draining",
    "countdash  dashboard  -         frozen   -             its file is bad",
    "old        -          -         frozen   -             the directory was empty at start",
    "",
    "Jobs that do not follow their file:",
    "  countdash: runs as an earlier version of countdash.nomad says",
    "  old: the directory was empty at start",
    "",
    "Last errors:",
    "  countdash/api: docker: create web: no space left (1970-01-01T00:00:00.000Z)",
    "",
    "Conditions that do not hold:",
    "  consul: has no leader",
    "",
    "Worth knowing:",
    "  acl: ACLs are off",
    "",
    "Problems in job files:",
    "  countdash.nomad:3:5: Unknown argument",
    "        drivr = 1",
    "        ^",
    "",
  ]);
});

test("names from job files cannot steer the terminal", () => {
  const evil = "\u001B[2Jx\u202E\r";
  const groups = [aGroup({ job: evil, allocs: [anAlloc({ reason: evil })] })];
  const text = statusText(aStatus({ jobs: [{ id: evil, stale: true, state: "running", groups }] }));
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test("a file that is only warned of is shown with its warnings", () => {
  const diagnostics = [
    { severity: "warning", file: "a.hcl", line: 3, column: 1, summary: '"update" has no effect yet', detail: "Why" },
  ] as const;
  const text = statusText(aStatus({ files: [{ path: "a.hcl", ok: true, diagnostics }] }));
  expect(text).toContain('  a.hcl:3:1: warning: "update" has no effect yet\n    Why');
});
