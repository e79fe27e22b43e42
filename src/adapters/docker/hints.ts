/** Where the fakes still look for it. */
export { Hints } from "../hints.ts";
