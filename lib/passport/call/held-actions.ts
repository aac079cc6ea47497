/** What a strategy still says while an earlier action waits for its record, passed on in the order in which it came. */
export class HeldActions {
  #held: (() => void)[] | undefined = [];

  /** @returns whether the earlier action still waits, so that this one is kept until it has been passed on */
  defer(act: () => void): boolean {
    this.#held?.push(act);
    return this.#held !== undefined;
  }

  /**
   * Delivers the action that waits, then what came meanwhile.
   *
   * @param onError - is told what an action throws, which nobody would catch in a later turn
   */
  async deliver(deliver: () => Promise<void>, onError: (error: unknown) => void): Promise<void> {
    await deliver().catch(onError);
    const held = this.#held ?? [];
    this.#held = undefined;
    try {
      for (const act of held) act();
    } catch (error) {
      onError(error);
    }
  }
}
