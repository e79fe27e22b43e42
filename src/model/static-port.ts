/** The host ports that a job asks for by number: one host has each only once. */
import type { RelatedPlace } from "./diagnostic.ts";
import type { Job } from "./job.ts";

export interface StaticPort {
  readonly port: number;
  readonly group: string;
  readonly label: string;
  /** Where it is asked for; absent where that is not known any more. */
  readonly place?: Omit<RelatedPlace, "file" | "summary">;
}

/** A group of which nothing is to run asks for none. */
export function staticPortsOf(job: Job): readonly StaticPort[] {
  return job.groups
    .filter(({ count }) => count > 0)
    .flatMap((group) =>
      group.network.ports.flatMap(({ label, static: port }) =>
        port === undefined ? [] : [{ port, group: group.name, label }],
      ),
    );
}
