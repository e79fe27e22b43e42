/** The rule for the names of images (the grammar of Docker's distribution/reference). */
import { isDeferred } from "./judge.ts";
import type { Judge } from "./judge.ts";

/** The longest name, tag and digest that Docker takes make no more characters. */
const MAX_LENGTH = 520;
const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
/** Docker takes the first part of a name for a host when it has a dot or a port, or is localhost. */
const HOST = String.raw`(?=localhost/|[^/]*[.:])(?:${LABEL}(?:\.${LABEL})*|\[[a-fA-F0-9:]+\])(?::\d+)?/`;
const PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const TAG = String.raw`:\w[\w.-]{0,127}`;
const DIGEST = "@[a-zA-Z][a-zA-Z0-9]*(?:[-_+.][a-zA-Z][a-zA-Z0-9]*)*:[a-fA-F0-9]{32,}";
const IMAGE = new RegExp(`^(?:${HOST})?${PART}(?:/${PART})*(?:${TAG})?(?:${DIGEST})?$`);

/** `part` is what holds the argument `image`. */
export function judgeImage(judge: Judge, part: object, image: string): void {
  if (!judge.given(part, "image") || isDeferred(image)) return;
  const detail = 'Write it as [HOST/]NAME[:TAG], the name in lower case, such as "nginx:1.27"';
  if (image.trim() === "") judge.refuse(part, "image", "The image cannot be empty", detail);
  else if (image.length > MAX_LENGTH || !IMAGE.test(image))
    judge.refuse(part, "image", "Docker cannot read this name of an image", detail);
}
