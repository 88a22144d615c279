/**
 * Runs calls side by side in every order of their port steps: each step waits for its turn, and the turns are walked
 * through depth first.
 */
interface Waiting {
  readonly call: number;
  go(): void;
}

export interface Turns {
  /** The port of call `call`: every method waits for its turn first. */
  of<Port extends object>(call: number, port: Port): Port;
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** One run with the choices given; answers how many could have gone next at each step. */
async function oneRun(
  choices: readonly number[],
  start: (turns: Turns) => readonly Promise<unknown>[],
): Promise<{ readonly taken: number[]; readonly width: number[] }> {
  const waiting: Waiting[] = [];
  let running = 0;
  const turns: Turns = {
    of: (call, port) =>
      new Proxy(port, {
        get(target, property) {
          const member: unknown = Reflect.get(target, property);
          if (typeof member !== 'function') return member;
          return async (...parameters: unknown[]) => {
            await new Promise<void>((go) => waiting.push({ call, go }));
            return Reflect.apply(member, target, parameters);
          };
        },
      }),
  };
  for (const call of start(turns)) {
    running += 1;
    const end = () => {
      running -= 1;
    };
    call.then(end, end);
  }
  const taken: number[] = [];
  const width: number[] = [];
  for (;;) {
    await settled();
    if (running === 0) return { taken, width };
    waiting.sort((one, other) => one.call - other.call);
    const choice = choices[taken.length] ?? 0;
    width.push(waiting.length);
    taken.push(choice);
    waiting.splice(choice, 1)[0]?.go();
  }
}

/** Every order of the steps; `world` is made anew for each, `check` looks at it when all calls have ended. */
export async function everyOrder<World>(
  world: () => Promise<World>,
  start: (world: World, turns: Turns) => readonly Promise<unknown>[],
  check: (world: World) => Promise<void>,
): Promise<number> {
  let choices: number[] | undefined = [];
  let orders = 0;
  while (choices) {
    const made = await world();
    const { taken, width } = await oneRun(choices, (turns) => start(made, turns));
    orders += 1;
    await check(made);
    choices = undefined;
    for (let at = taken.length - 1; at >= 0; at -= 1) {
      const next = (taken[at] ?? 0) + 1;
      if (next < (width[at] ?? 0)) {
        choices = [...taken.slice(0, at), next];
        break;
      }
    }
  }
  return orders;
}
