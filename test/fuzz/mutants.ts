/** Texts with a few of their places cut out, replaced, doubled or added to. */
import type { Chance } from "../sim/random.ts";
import { pick } from "./pick.ts";

const SIGNS = (
  "\" { } [ ] ( ) = == => : :: , . ... .. * ? ! - && || | & \\ # // /* */ ${ %{ ~ ~} $${ %%{ $ % [*] .* \\n \\u12 ; ' ` <<E <<-E " +
  "+ / < > <= >= != ^ @ 0 00 1e 1e5 1.5 .5 0x1 1_0 -1"
).split(" ");
const WORDS = "for in if else endif endfor a 1 1.5 null true a.b é 😀 変 -a a-b _ job f(x) x... x[0]"
  .split(" ")
  .flatMap((word) => [word, ` ${word} `]);
const LAYOUT = [
  "\n",
  "\r\n",
  "\r",
  " ",
  "\t",
  "\v",
  "\f",
  "<<E\n",
  "<<-E\n",
  "<<E\r\n",
  "\nE\n",
  "\n  E \n",
  "x = 1\n",
  "b {}\n",
  "b {",
  "\n}\n",
  "\0",
  "\u007F",
  "\u00A0",
  "\u2028",
  "\uFEFF",
  "\u0301",
  "\uFFFD",
];
const SPLICES = [...SIGNS, ...WORDS, ...LAYOUT];

/** Up to three edits. */
export function mutate(chance: Chance, text: string): string {
  let mutant = text;
  for (let edits = chance.between(1, 3); edits > 0; edits--) mutant = edit(chance, mutant);
  return mutant.toWellFormed();
}

function edit(chance: Chance, text: string): string {
  const at = chance.between(0, text.length);
  const kind = chance.between(0, 9);
  if (kind === 0) return text.slice(0, at);
  if (kind === 1) return text.slice(0, at) + piece(chance, text) + text.slice(at);
  const cut = chance.happens(0.5) ? chance.between(0, 3) : 0;
  const splice = cut > 0 && chance.happens(0.4) ? "" : pick(chance, SPLICES);
  return text.slice(0, at) + splice + text.slice(at + cut);
}

/** Some of the text itself, so that its own forms come to stand where they did not. */
function piece(chance: Chance, text: string): string {
  const start = chance.between(0, text.length);
  return text.slice(start, start + chance.between(1, 20));
}
