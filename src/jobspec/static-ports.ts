/** The static ports of a decoded job with their places in the file: other jobs of the host may ask for the same. */
import type { Job } from "../model/job.ts";
import { type StaticPort, staticPortsOf } from "../model/static-port.ts";
import { snippetAt } from "./problems.ts";
import type { Printer } from "./problems.ts";
import type { Places } from "./schema/places.ts";

export function placedPorts(job: Job, places: Places, printer: Printer): readonly StaticPort[] {
  return staticPortsOf(job).map((own) => {
    const group = job.groups.find(({ name }) => name === own.group);
    const port = group?.network.ports.find(({ label }) => label === own.label);
    if (port === undefined) return own;
    const { start } = places.rangeOf(port, "static");
    return { ...own, place: { ...printer.source.positionAt(start), ...snippetAt(printer, start) } };
  });
}
