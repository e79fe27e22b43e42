/** Looking at a sidecar from outside, as a client would. */

export interface SidecarProbe {
  readonly address: string;
  readonly port: number;
  /** The service whose SPIFFE id must be presented. */
  readonly service: string;
}

export interface Prober {
  /**
   * Completes a TLS handshake without a client certificate and reads the certificate shown.
   * Resolves with undefined when it carries `spiffe://…/svc/<service>`, else with one sentence that says why not. Never throws.
   */
  sidecar(probe: SidecarProbe, signal: AbortSignal): Promise<string | undefined>;
}
