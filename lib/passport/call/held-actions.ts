/** Actions of a strategy while an earlier one waits for its record, passed on in the order in which they came. */
export class HeldActions {
  #held: (() => void)[] | undefined = [];

  /** @returns whether the earlier action still waits, and this one is held until it has been passed on */
  defer(act: () => void): boolean {
    this.#held?.push(act);
    return this.#held !== undefined;
  }

  /**
   * Delivers the waiting action, then those that came meanwhile.
   *
   * @param onError - receives what an action throws, which nobody would catch in a later turn
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
