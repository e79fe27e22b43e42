/** Whether the last process ended with nothing in flight, so that its successor need not wait out what it may have begun. */
import type { StateStore } from "../ports/files.ts";

const KIND = "agent";
const NAME = "stopped-cleanly";

/** Tells, and forgets: the note holds for one start. A state directory that cannot be written counts as "no". */
export async function wasStoppedCleanly(state: StateStore): Promise<boolean> {
  const notes = await state.load(KIND, () => undefined);
  if (notes.get(NAME) !== true) return false;
  try {
    await state.remove(KIND, NAME);
    return true;
  } catch {
    // A note that stays would vouch for a later crash.
    return false;
  }
}

export async function noteCleanStop(state: StateStore): Promise<void> {
  try {
    await state.save(KIND, NAME, true);
  } catch {
    // Without the note the next start is merely slower.
  }
}
