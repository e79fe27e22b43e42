/** Which Host headers are answered: the guard against DNS rebinding. */
import { isIP } from "node:net";

/**
 * A web page can make a browser send requests here only under the page's own host name. So a literal IP address is always
 * fine, and so are the loopback names; any other name has to be allowed by the operator.
 */
export function isAllowedHost(header: string | undefined, allowed: readonly string[]): boolean {
  const name = hostName(header ?? "");
  if (name === "") return false;
  return isIP(name) !== 0 || name === "localhost" || name.endsWith(".localhost") || allowed.includes(name);
}

/** The name of `name:port` or `[address]:port`, in lower case, without a closing dot. */
function hostName(header: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(header)?.[1];
  const name = bracketed ?? header.replace(/:\d*$/, "");
  return name.toLowerCase().replace(/\.$/, "");
}
