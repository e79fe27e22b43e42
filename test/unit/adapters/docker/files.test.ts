/** The archive that files travel in. */
import { expect, test } from "vitest";
import { archiveOf } from "../../../../src/adapters/docker/files.ts";
import { Secret } from "../../../../src/model/secret.ts";

/** The fields of one header of POSIX.1-1988's ustar format, and the content after it. */
function entryAt(archive: Buffer, offset: number): object {
  const text = (from: number, length: number): string =>
    archive
      .subarray(offset + from, offset + from + length)
      .toString("utf8")
      .replace(/[\0 ]+$/, "");
  const octal = (from: number, length: number): number => Number.parseInt(text(from, length), 8);
  const size = octal(124, 12);
  return {
    name: text(0, 100),
    mode: octal(100, 8),
    uid: octal(108, 8),
    gid: octal(116, 8),
    mtime: octal(136, 12),
    content: archive.subarray(offset + 512, offset + 512 + size).toString("utf8"),
  };
}

test("files keep their names, modes, owners and contents, secret ones too", async () => {
  const archive = await archiveOf(
    [
      { name: "token", content: new Secret("s.1234"), mode: 0o400, uid: 101 },
      { name: "notes", content: "grüße", mode: 0o644, uid: 0 },
    ],
    1_700_000_000_000,
  );
  const times = { gid: 0, mtime: 1_700_000_000 };
  expect(entryAt(archive, 0)).toEqual({ name: "token", mode: 0o400, uid: 101, content: "s.1234", ...times });
  expect(entryAt(archive, 1024)).toEqual({ name: "notes", mode: 0o644, uid: 0, content: "grüße", ...times });
  expect(archive).toHaveLength(2048 + 1024);
});
