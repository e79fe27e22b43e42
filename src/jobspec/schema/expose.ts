/** Decodes expose blocks: the paths of the app that its sidecar serves to everybody. */
import type { ExposePath } from "../../model/job.ts";
import type { Checked } from "./checked.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

export function decodeExpose(context: Context, block: Checked): readonly ExposePath[] {
  return new Reader(context, block).blocks("path").map((path) => decodePath(context, path));
}

function decodePath(context: Context, block: Checked): ExposePath {
  const reader = new Reader(context, block);
  const path: ExposePath = {
    path: reader.text("path", ""),
    protocol: reader.choice("protocol", ["", "http", "http2"]) ?? "",
    localPathPort: reader.integer("local_path_port", 0),
    listenerPort: reader.text("listener_port", ""),
  };
  return context.places.note(path, reader.place);
}
