/** The part of tar-stream's interface that is used here: packing small files held in memory. */
declare module "tar-stream" {
  interface EntryHeader {
    readonly name: string;
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
    readonly mtime: Date;
  }

  interface Pack extends AsyncIterable<Buffer> {
    entry(header: EntryHeader, content: Buffer): unknown;
    finalize(): void;
  }

  export function pack(): Pack;
}
