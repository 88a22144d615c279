import { SyncError } from '../../../../core/errors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { AddressUses } from '../fields/party-row.ts';
import { projectModel } from '../fields/project-table.ts';
import { isUnknownName } from './answer-error.ts';
import type { ModelAccess, Models } from './models.ts';

/** Modules are activated now and then, while an instance lives for hours; what a person tests is asked anew. */
const keptMs = 3_600_000;

/** What this Tryton has, as far as it changes what can be asked of it. */
export interface Installation {
  addressUses(): Promise<AddressUses>;
  /** The project module is active and the user may read projects. */
  hasProjects(): Promise<boolean>;
  /** Rights on tables that belong to one module; none where it is not active. */
  access(names: readonly string[]): Promise<Readonly<Record<string, ModelAccess>>>;
  /** Tryton refused a call, or does not know a name in it: what was learnt may not be so any more. */
  forget(): void;
}

interface Remembered<Answer> {
  get(): Promise<Answer>;
  forget(): void;
}

/** One answer for all who ask, until it is old; a failure is not kept. */
function remembered<Answer>(runtime: Runtime, ask: () => Promise<Answer>): Remembered<Answer> {
  let kept: { readonly answer: Promise<Answer>; readonly atMs: number } | undefined;
  return {
    get() {
      if (kept !== undefined && runtime.nowMs() - kept.atMs < keptMs) return kept.answer;
      const answer = ask();
      kept = { answer, atMs: runtime.nowMs() };
      answer.catch(() => {
        if (kept?.answer === answer) kept = undefined;
      });
      return answer;
    },
    forget() {
      kept = undefined;
    },
  };
}

async function accessTo(models: Models, names: readonly string[]): Promise<Readonly<Record<string, ModelAccess>>> {
  try {
    return await models.access(names);
  } catch (error) {
    if (names.some((name) => isUnknownName(error, name))) return {};
    throw error;
  }
}

export function installation({ models, runtime }: { models: Models; runtime: Runtime }): Installation {
  const projects = remembered(
    runtime,
    async () => (await accessTo(models, [projectModel]))[projectModel]?.read === true,
  );
  const uses = remembered(runtime, async () => {
    const known = await models.fieldsGet('party.address', ['invoice', 'delivery']);
    return { invoice: 'invoice' in known, delivery: 'delivery' in known };
  });
  return {
    hasProjects: projects.get,
    async addressUses() {
      try {
        return await uses.get();
      } catch (error) {
        if (!isUnknownName(error, 'party.address')) throw error;
        throw new SyncError('misconfigured', 'Tryton has no parties.', {
          explanation: 'The module "party" is not active in this Tryton database.',
          cause: error,
        });
      }
    },
    access: (names) => accessTo(models, names),
    forget() {
      projects.forget();
      uses.forget();
    },
  };
}
