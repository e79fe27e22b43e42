/** Seeds that once failed, each with the story it told: they are always played. */
export const REGRESSIONS: readonly { readonly seed: number; readonly story: string }[] = [
  { seed: 4, story: "a turn that waits for a reading when the controller stops is given up, and is no defect" },
  { seed: 163, story: "a group that is gone leaves no status behind when the directory is away meanwhile" },
];
