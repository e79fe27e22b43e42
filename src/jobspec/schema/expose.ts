/** Decodes expose blocks: the paths of the app that its sidecar serves to everybody. */
import type { ExposePath } from "../../model/job.ts";
import type { Block } from "../tree.ts";
import type { Shape } from "./content.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const EXPOSE: Shape = { name: "an expose block", blocks: { path: 0 } };

const PATH: Shape = {
  name: "a path block of expose",
  arguments: ["path", "protocol", "local_path_port", "listener_port"],
};

export function decodeExpose(context: Context, block: Block): readonly ExposePath[] {
  return new Reader(context, block, EXPOSE).blocks("path").map((path) => decodePath(context, path));
}

function decodePath(context: Context, block: Block): ExposePath {
  const reader = new Reader(context, block, PATH);
  const path: ExposePath = {
    path: reader.text("path", ""),
    protocol: reader.choice("protocol", ["", "http", "http2"]) ?? "",
    localPathPort: reader.integer("local_path_port", 0),
    listenerPort: reader.text("listener_port", ""),
  };
  return context.places.note(path, reader.place);
}
