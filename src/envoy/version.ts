/** Which Envoy an image holds, as its tag tells it, and whether Consul supports that one. */

/** Such as 1.26.6 of `envoyproxy/envoy:v1.26.6` or 1.26 of `…:distroless-v1.26-latest`; undefined if the tag does not tell. */
export function versionOf(image: string): string | undefined {
  const [name = "", tag = ""] = nameAndTag(image);
  // An image of Consul with an Envoy in it is tagged by the one or by the other.
  const isEnvoy = name.includes("envoy") && !name.includes("consul");
  return isEnvoy ? /(?:^|-)v?(\d+\.\d+(?:\.\d+)?)(?![^.-])/.exec(tag)?.[1] : undefined;
}

function nameAndTag(image: string): readonly string[] {
  const [reference = ""] = image.split("@");
  return reference.slice(reference.lastIndexOf("/") + 1).split(":");
}

/** Consul lists one patch release of each minor version and supports them all. */
export function isSupported(version: string, supported: readonly string[]): boolean {
  return supported.some((listed) => minorOf(listed) === minorOf(version));
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
