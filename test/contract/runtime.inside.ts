/** What is done inside of a running container: files and commands. */
import { describe, expect } from "vitest";
import { Secret } from "../../src/model/secret.ts";
import { couldLook, LISTENING_COMMAND } from "../../src/reconcilers/listening.ts";
import { FILE, TMPFS, exited, refused } from "./runtime.harness.ts";
import type { Stage, ContractTest } from "./runtime.harness.ts";

export function insideContract(test: ContractTest): void {
  describe("files", () => {
    test("in a tmpfs are seen by every container that mounts it, and are gone when the last of them stopped", async ({
      stage,
    }) => {
      const mounts = [stage.mount("secrets", "/secrets", TMPFS)];
      const names = [stage.name("a"), stage.name("b")];
      await stage.run(stage.spec("a", { mounts }));
      const file = { name: "token", content: new Secret("s.1234"), mode: 0o400, uid: 0 };
      await stage.runtime.putFiles(stage.name("a"), "/secrets", [file], stage.signal);
      await stage.run(stage.spec("b", { mounts }));
      expect(await contentOf(stage, "b", "/secrets/token")).toBe("s.1234");

      await stage.runtime.signalContainer(stage.name("a"), "SIGKILL", stage.signal);
      await exited(stage, "a");
      await stage.runtime.startContainer(stage.name("a"), stage.signal);
      expect(await contentOf(stage, "a", "/secrets/token")).toBe("s.1234");

      for (const name of names) await stage.runtime.signalContainer(name, "SIGKILL", stage.signal);
      for (const short of ["a", "b"]) await exited(stage, short);
      await stage.runtime.startContainer(stage.name("a"), stage.signal);
      expect(await contentOf(stage, "a", "/secrets/token")).toBeUndefined();
    });

    test("in a plain volume last, and are replaced by files of the same name", async ({ stage }) => {
      await stage.run(stage.spec("a", { mounts: [stage.mount("local", "/local")] }));
      for (const content of ["one", "two"]) {
        const file = { name: "f", content, mode: 0o644, uid: 0 };
        await stage.runtime.putFiles(stage.name("a"), "/local", [file], stage.signal);
      }
      await stage.runtime.removeContainer(stage.name("a"), stage.signal);
      await stage.run(stage.spec("b", { mounts: [stage.mount("local", "/local")] }));
      expect(await contentOf(stage, "b", "/local/f")).toBe("two");
    });

    test("are put several at once", async ({ stage }) => {
      await stage.run(stage.spec("a", { mounts: [stage.mount("local", "/local")] }));
      const files = ["x", "y"].map((name) => ({ name, content: `content of ${name}`, mode: 0o444, uid: 0 }));
      await stage.runtime.putFiles(stage.name("a"), "/local", files, stage.signal);
      expect(await contentOf(stage, "a", "/local/x")).toBe("content of x");
      expect(await contentOf(stage, "a", "/local/y")).toBe("content of y");
    });

    test("are refused by a container that does not run, where they would be lost", async ({ stage }) => {
      await stage.create(stage.spec("a", { mounts: [stage.mount("secrets", "/secrets", TMPFS)] }));
      await refused(stage.runtime.putFiles(stage.name("a"), "/secrets", [FILE], stage.signal), "rejected");
    });

    test("are refused by a mount that is read-only", async ({ stage }) => {
      const mount = { ...stage.mount("local", "/local"), readOnly: true };
      await stage.run(stage.spec("a", { mounts: [mount] }));
      await refused(stage.runtime.putFiles(stage.name("a"), "/local", [FILE], stage.signal), "rejected");
    });

    test("are not put where container or directory are missing", async ({ stage }) => {
      await refused(stage.runtime.putFiles(stage.name("a"), "/local", [FILE], stage.signal), "not-found");
      await stage.run(stage.spec("a"));
      await refused(stage.runtime.putFiles(stage.name("a"), "/no/such", [FILE], stage.signal), "not-found");
    });
  });

  describe("exec", () => {
    test("gives the output and the exit code of the command", async ({ stage }) => {
      await stage.run(stage.spec("a"));
      const { runtime, signal } = stage;
      expect(await runtime.exec(stage.name("a"), ["echo", "hello", "you"], signal)).toEqual({
        exitCode: 0,
        stdout: "hello you\n",
      });
      expect(await runtime.exec(stage.name("a"), ["false"], signal)).toEqual({ exitCode: 1, stdout: "" });
      expect(await runtime.exec(stage.name("a"), ["cat", "/no/such"], signal)).toEqual({ exitCode: 1, stdout: "" });
    });

    test("shows the listening sockets of the namespace as the kernel prints them", async ({ stage }) => {
      await stage.run(stage.spec("a"));
      const argv = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];
      const { exitCode, stdout } = await stage.runtime.exec(stage.name("a"), argv, stage.signal);
      expect(exitCode).toBe(0);
      const headings = stdout.split("\n").filter((line) => /^ +sl +local_address/.test(line));
      expect(headings).toHaveLength(2);
    });

    test("shows that nobody listens in a namespace where nobody does", async ({ stage }) => {
      await stage.run(stage.spec("a"));
      const { exitCode, stdout } = await stage.runtime.exec(stage.name("a"), LISTENING_COMMAND, stage.signal);
      expect([couldLook(exitCode), stdout]).toEqual([true, ""]);
    });

    test("gives exit code 126 or 127 for a command that is not there", async ({ stage }) => {
      await stage.run(stage.spec("a"));
      const { exitCode } = await stage.runtime.exec(stage.name("a"), ["no-such-command"], stage.signal);
      expect([126, 127]).toContain(exitCode);
    });

    test("keeps the first 64 KiB of the output", async ({ stage }) => {
      await stage.run(stage.spec("a", { mounts: [stage.mount("local", "/local")] }));
      const file = { ...FILE, name: "long", content: "0123456789".repeat(20_000) };
      await stage.runtime.putFiles(stage.name("a"), "/local", [file], stage.signal);
      const { exitCode, stdout } = await stage.runtime.exec(stage.name("a"), ["cat", "/local/long"], stage.signal);
      expect(exitCode).toBe(0);
      expect(stdout).toBe(file.content.slice(0, 65_536));
    });

    test("fails with rejected in a container that does not run, and with not-found in none", async ({ stage }) => {
      await stage.create(stage.spec("a"));
      await refused(stage.runtime.exec(stage.name("a"), ["true"], stage.signal), "rejected");
      await refused(stage.runtime.exec(stage.name("b"), ["true"], stage.signal), "not-found");
    });
  });
}

async function contentOf(stage: Stage, short: string, path: string): Promise<string | undefined> {
  const { exitCode, stdout } = await stage.runtime.exec(stage.name(short), ["cat", path], stage.signal);
  return exitCode === 0 ? stdout : undefined;
}
