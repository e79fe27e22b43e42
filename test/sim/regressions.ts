/** Seeds that once failed, each with the story it told then: they are always played. */
export const REGRESSIONS: readonly { readonly seed: number; readonly story: string }[] = [
  { seed: 4, story: "a turn that waits for a reading when the controller stops is given up, and is no defect" },
  { seed: 26, story: "what was in doubt is looked for only after it can no longer take effect" },
  { seed: 77, story: "the ports of a lost namespace stay its own, as its other members name them" },
  { seed: 163, story: "a group that is gone leaves no status behind when the directory was away meanwhile" },
  { seed: 422, story: "a gate whose token is gone is registered with the new token before it is dropped" },
  { seed: 503, story: "a catalog that lags gets rid of gates whose service has a new token" },
  { seed: 1053, story: "a file that is gone for a moment stops nothing" },
  { seed: 1283, story: "a service whose token and namespace both went comes back on other ports" },
  { seed: 5010, story: "an allocation made anew under an old id remembers nothing of having left" },
];
