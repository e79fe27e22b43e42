/** Looking at a sidecar from outside, as a client would. */

export interface SidecarProbe {
  readonly address: string;
  readonly port: number;
  /** The service whose SPIFFE id must be presented. */
  readonly service: string;
  /** Port on this host's loopback at which Envoy says by HTTP whether it is ready; absent with another proxy. */
  readonly readyPort?: number;
}

export interface Prober {
  /**
   * Asks `GET /ready` where there is such a port, completes a TLS handshake without a client certificate, and reads the
   * certificate shown. Resolves with undefined when that carries `spiffe://…/svc/<service>`, else with one sentence that says why not. Never throws.
   */
  sidecar(probe: SidecarProbe, signal: AbortSignal): Promise<string | undefined>;
}
