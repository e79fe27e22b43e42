/** Paths with forward slashes, taken apart and put together as text alone. */

/** Without empty parts, `.` and inner `..`; never empty. */
export function cleaned(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!rooted) parts.push(part);
  }
  return (rooted ? "/" : "") + parts.join("/") || ".";
}

/** The last part. */
export function baseOf(path: string): string {
  if (path === "") return ".";
  return path.replace(/\/+$/, "").split("/").at(-1) || "/";
}

/** All but the last part. */
export function directoryOf(path: string): string {
  return cleaned(path.slice(0, path.lastIndexOf("/") + 1));
}
