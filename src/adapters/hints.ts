/** Hints to look again, from a callback world to an async iterator: any number of them wait as one. */

export class Hints {
  #pending = false;
  #over: { readonly error?: Error } | undefined;
  #wake: () => void = () => undefined;

  /** Something changed. */
  notify(): void {
    this.#pending = true;
    this.#wake();
  }

  /** There will be no more: the reader ends, or throws the error. The first call counts. */
  end(error?: Error): void {
    this.#over ??= error === undefined ? {} : { error };
    this.#wake();
  }

  /** Yields once for all hints since the last yield. For one reader. */
  async *read(): AsyncGenerator<void, void> {
    while (this.#over === undefined) {
      if (this.#pending) {
        this.#pending = false;
        yield;
      } else {
        await new Promise<void>((wake) => (this.#wake = wake));
      }
    }
    if (this.#over.error !== undefined) throw this.#over.error;
  }
}
