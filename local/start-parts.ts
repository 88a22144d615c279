interface Part {
  stop(): Promise<void>;
}

export interface Parts {
  /** Takes note of a part that is starting; answers the same promise. */
  add<P extends Part>(starting: Promise<P>): Promise<P>;
  /** Stops all, the latest first; one that is still starting is awaited and then stopped. Safe to repeat. */
  stop(): Promise<void>;
}

/** What a system consists of, so that a start that fails half-way, and Ctrl-C, leave nothing running. */
export function startParts(): Parts {
  const parts: Promise<Part | null>[] = [];
  let stopping: Promise<void> | null = null;
  const stopAll = async () => {
    for (let part = parts.pop(); part; part = parts.pop()) await (await part)?.stop();
  };
  return {
    add: (starting) => {
      parts.push(starting.catch(() => null));
      return starting;
    },
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
