/** How the text of an option becomes its value. A parser returns a Problem for what it cannot accept. */
import { isIP } from "node:net";
import { z } from "zod";
import { isLoopback } from "../controller/discovery.ts";
import { parseDuration } from "../jobspec/schema/duration.ts";
import type { Millis } from "../model/job.ts";

/** Why a text is no value, as the end of a sentence that begins with the option. */
export class Problem {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A schema for text that the parser turns into a value. */
export function textAs<T>(parse: (text: string) => T | Problem): z.ZodType<T, string> {
  return z.string({ error: "must be text, in quotes if it looks like a number" }).transform((text, context): T => {
    const value = parse(text.trim());
    if (!(value instanceof Problem)) return value;
    context.addIssue({ code: "custom", message: value.message });
    return z.NEVER;
  });
}

export function filled(text: string): string | Problem {
  return text === "" ? new Problem("must not be empty") : text;
}

/** A duration as Go writes it, between two others of that kind. */
export function durationBetween(least: string, most: string): (text: string) => Millis | Problem {
  const [from, to] = [parseDuration(least) ?? 0, parseDuration(most) ?? 0];
  return (text) => {
    const value = parseDuration(text);
    if (value === undefined) return new Problem(`${quoted(text)} is not a duration: write it like 500ms, 10s or 1h30m`);
    return value < from || value > to ? new Problem(`must be from ${least} to ${most}, not ${text}`) : value;
  };
}

/** A URL may hold a password, which is nobody's to read. */
function quoted(text: string): string {
  return `"${text.replace(/^.*@/s, "[secret]@")}"`;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:4656`, `[::1]:4656`, `localhost:4656`; `:4656` = all addresses of this host. */
export function hostPort(text: string): HostPort | Problem {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? (plain === "" ? "0.0.0.0" : plain);
  const port = Number(digits);
  if (host === undefined || port > 65_535 || !(isIP(host) !== 0 || host === "localhost"))
    return new Problem(`${quoted(text)} is not an address to listen on: write it like 127.0.0.1:4656`);
  return { host, port };
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export function portRange(text: string): PortRange | Problem {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (Number.isNaN(from) || from < 1 || to > 65_535)
    return new Problem(`${quoted(text)} is not a range of ports: write it like 20000-32000`);
  return from > to ? new Problem(`${quoted(text)} is empty: the lower port comes first`) : { from, to };
}

/** An address at which other hosts, or the word that Remora resolves itself. */
export function advertised(text: string): string | Problem {
  if (text === "bridge") return text;
  if (isIP(text) === 0) return new Problem(`${quoted(text)} is neither an IP address nor the word bridge`);
  if (isLoopback(text))
    return new Problem(`${text} reaches nobody but oneself: give an address that sidecars can connect to, or bridge`);
  return text;
}

/** Consul's own forms: `host:port`, `http(s)://host:port`, `unix:///path`. Without a scheme it stays without one. */
export function consulAddress(text: string): string | Problem {
  if (/^unix:\/\/\/.+/.test(text)) return text;
  const url = urlOf(text);
  if (url !== undefined) return text.includes("://") ? `${url.protocol}//${url.host}` : text;
  return new Problem(
    `${quoted(text)} is not an address: write it like 127.0.0.1:8500, https://host:8501 or unix:///path`,
  );
}

/** Where groups reach Consul by themselves, as a URL. */
export function consulForGroups(text: string): string | Problem {
  const url = urlOf(text);
  if (url === undefined) return new Problem(`${quoted(text)} is not an address: write it like http://10.0.0.5:8500`);
  if (isLoopback(url.hostname)) return new Problem(`${text} is the group itself when seen from inside a group`);
  return `${url.protocol}//${url.host}`;
}

/** `host:port`; Consul's own variable may carry a scheme, which says nothing that the authority's file does not. */
export function grpcAddress(text: string): string | Problem {
  const [, host, port] = /^(?:https?:\/\/)?(\[[^\]]+\]|[^:/\s]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    return new Problem(`${quoted(text)} is not an address: write it like 127.0.0.1:8502`);
  return `${host}:${port}`;
}

function urlOf(text: string): URL | undefined {
  const full = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const bare = url !== undefined && url.hostname !== "" && url.pathname === "/" && url.search === "" && url.hash === "";
  if (!bare || url.username !== "" || url.password !== "") return undefined;
  return ["http:", "https:"].includes(url.protocol) ? url : undefined;
}

export function dockerHost(text: string): string | Problem {
  if (/^(unix:\/\/\/.|(tcp|https?):\/\/.)/.test(text)) return text;
  return new Problem(
    `${quoted(text)} is not an engine's address: write it like unix:///var/run/docker.sock or tcp://host:2375`,
  );
}

/** Names separated by commas. */
export function nameList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "");
}
