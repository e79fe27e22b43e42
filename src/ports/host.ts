/** This host, as far as neither Docker nor Consul tells about it. */

export interface Host {
  /** IPv4 address of the interface of the default route; undefined if there is none. */
  defaultAddress(): string | undefined;
  /** A file of the operator's, as text. Throws the system's own error. */
  readText(path: string): Promise<string>;
  /** The image this very process runs from; undefined outside a container, or where Docker does not know it. */
  ownImage(signal: AbortSignal): Promise<string | undefined>;
}
