/**
 * The floor: straight scripts that make the calls of a start, in the order the mesh demands, with nothing between them.
 *
 * `gated` makes all that Remora makes: gate, looks, and the reading back in the catalog. `bare` leaves these out: what is
 * started is taken for ready. Both groups of countdash go side by side, and in a group whatever the order leaves free.
 */
import { setTimeout as delay } from "node:timers/promises";
import { archiveOf } from "../../src/adapters/docker/files.ts";
import { tlsProber } from "../../src/adapters/prober.ts";
import { Secret } from "../../src/model/secret.ts";
import { LISTENING_COMMAND, listeningPorts } from "../../src/reconcilers/listening.ts";
import { Line } from "./line.ts";
import type { Address } from "./counting-proxy.ts";
import type { GroupTemplate } from "./template.ts";

export type Variant = "gated" | "bare";

/** Between two looks at what is not ready, as long as Remora waits: less keeps both cores busy with looking. */
const PAUSE_MS = 50;
const PATIENCE_MS = 30_000;
const SIDECAR_UID = 101;

export class Floor {
  readonly #docker: Line;
  readonly #consul: Line;
  /** Remora's own token. */
  readonly #token: string;
  readonly #node: string;
  readonly #prober = tlsProber();

  constructor(docker: Address, consul: Address, token: string, node: string) {
    this.#docker = new Line(docker);
    this.#consul = new Line(consul);
    this.#token = token;
    this.#node = node;
  }

  close(): void {
    this.#docker.close();
    this.#consul.close();
  }

  /** Starts all groups side by side; resolves when each is as its variant wants it. */
  async start(groups: readonly GroupTemplate[], variant: Variant): Promise<void> {
    await Promise.all(groups.map((group) => (variant === "gated" ? this.#gated(group) : this.#bare(group))));
  }

  async #gated(group: GroupTemplate): Promise<void> {
    const [secret, infra] = await Promise.all([this.#identity(group), this.#namespace(group)]);
    await this.register(group.gated, secret);
    await this.runSidecar(group, infra);
    await this.#untilListening(infra, group.looks.sidecarPorts);
    await this.#run(group, "task", infra);
    await this.open(group, infra, secret);
  }

  async #bare(group: GroupTemplate): Promise<void> {
    const [secret, infra] = await Promise.all([this.#identity(group), this.#namespace(group)]);
    await this.register(group.open, secret);
    await Promise.all([this.runSidecar(group, infra), this.#run(group, "task", infra)]);
  }

  /** From a gated registration to one in rotation that has been read back. */
  async open(group: GroupTemplate, infra: string, secret: string): Promise<void> {
    await this.#untilListening(infra, [group.looks.appPort]);
    await until(() => this.#shows(group), `the sidecar of ${group.service} to show its certificate`);
    await this.register(group.open, secret);
    await until(() => this.#isOpen(group), `${group.service} to be open in the catalog`);
  }

  async register(body: string, secret: string): Promise<void> {
    const path = "/v1/agent/service/register?replace-existing-checks=true";
    await this.#consul.ask("PUT", path, { body: JSON.parse(body), token: secret });
  }

  /** The secret of a token. */
  async secretOf(accessor: string): Promise<string> {
    const path = `/v1/acl/token/${accessor}`;
    return (await this.#consul.json<{ SecretID: string }>("GET", path, { token: this.#token })).SecretID;
  }

  /** Creates the container while its secret is put where it will find it, then starts it. */
  async runSidecar(group: GroupTemplate, infra: string): Promise<void> {
    const [id] = await Promise.all([this.#create(group, "sidecar", infra), this.#putSecret(group, infra)]);
    await this.#docker.ask("POST", `/containers/${id}/start`);
  }

  async remove(container: string): Promise<void> {
    await this.#docker.ask("DELETE", `/containers/${container}?force=true&v=true`);
  }

  /** The agent asks with a pause before the first use, so that no agent remembers a token it did not know yet. */
  async #identity({ token, accessor }: GroupTemplate): Promise<string> {
    await this.#consul.ask("PUT", "/v1/acl/token", { body: JSON.parse(token), token: this.#token });
    const secret = await this.secretOf(accessor);
    await delay(100);
    await this.#consul.ask("GET", "/v1/acl/token/self?stale=", { token: secret });
    return secret;
  }

  async #namespace(group: GroupTemplate): Promise<string> {
    const id = await this.#create(group, "infra", group.infraId);
    await this.#docker.ask("POST", `/containers/${id}/start`);
    return id;
  }

  async #run(group: GroupTemplate, role: "task", infra: string): Promise<void> {
    const id = await this.#create(group, role, infra);
    await this.#docker.ask("POST", `/containers/${id}/start`);
  }

  async #create(group: GroupTemplate, role: "infra" | "sidecar" | "task", infra: string): Promise<string> {
    const { name, body } = group.containers[role];
    const spec: unknown = JSON.parse(body.replaceAll(group.infraId, infra));
    return (await this.#docker.json<{ Id: string }>("POST", `/containers/create?name=${name}`, { body: spec })).Id;
  }

  async #putSecret({ accessor, secrets }: GroupTemplate, infra: string): Promise<void> {
    const content = new Secret(await this.secretOf(accessor));
    const body = await archiveOf([{ name: "token", content, mode: 0o400, uid: SIDECAR_UID }], Date.now());
    await this.#docker.ask("PUT", `/containers/${infra}/archive?path=${encodeURIComponent(secrets)}`, { body });
  }

  #untilListening(infra: string, ports: readonly number[]): Promise<void> {
    const look = async (): Promise<boolean> => {
      const listening = await this.#listening(infra);
      return ports.every((port) => listening.has(port));
    };
    return until(look, `${infra} to listen on ${ports.join(", ")}`);
  }

  /** With a terminal the output comes as it is, without frames. */
  async #listening(infra: string): Promise<ReadonlySet<number>> {
    const body = { Cmd: LISTENING_COMMAND, AttachStdout: true, AttachStderr: true, Tty: true };
    const { Id } = await this.#docker.json<{ Id: string }>("POST", `/containers/${infra}/exec`, { body });
    const { text } = await this.#docker.ask("POST", `/exec/${Id}/start`, { body: { Detach: false, Tty: true } });
    await this.#docker.ask("GET", `/exec/${Id}/json`);
    return listeningPorts(text);
  }

  async #shows({ looks: { address, port }, service }: GroupTemplate): Promise<boolean> {
    return (await this.#prober.sidecar({ address, port, service }, never)) === undefined;
  }

  async #isOpen({ open }: GroupTemplate): Promise<boolean> {
    const { ID, Checks } = JSON.parse(open) as { ID: string; Checks: readonly { CheckID: string }[] };
    const ask = <T>(route: string): Promise<T> =>
      this.#consul.json<T>("GET", `/v1/${route}/${this.#node}?consistent=`, { token: this.#token });
    const { Services } = await ask<{ Services: readonly { ID: string }[] }>("catalog/node-services");
    const checks = await ask<readonly { CheckID: string }[]>("health/node");
    const there = new Set(checks.map(({ CheckID }) => CheckID));
    return Services.some((each) => each.ID === ID) && Checks.every(({ CheckID }) => there.has(CheckID));
  }
}

const never = new AbortController().signal;

async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`the floor waited ${PATIENCE_MS / 1000} s for ${what}`);
    await delay(PAUSE_MS);
  }
}
