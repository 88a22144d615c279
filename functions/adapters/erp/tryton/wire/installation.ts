import { SyncError } from '../../../../core/errors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import type { AddressUses } from '../fields/party-row.ts';
import { projectModel } from '../fields/project-table.ts';
import { isUnknownName } from './answer-error.ts';
import type { ModelAccess, Models } from './models.ts';

/** Modules are activated now and then, while an instance lives for hours. */
const keptMs = 600_000;

/** What this Tryton has, as far as it changes what can be asked of it. */
export interface Installation {
  addressUses(): Promise<AddressUses>;
  /** The project module is active and the user may read projects. */
  hasProjects(): Promise<boolean>;
  /** Rights on tables that belong to one module; none where it is not active. */
  access(names: readonly string[]): Promise<Readonly<Record<string, ModelAccess>>>;
}

/** One answer for all who ask, until it is old; a failure is not kept. */
function remembered<Answer>(runtime: Runtime, ask: () => Promise<Answer>): () => Promise<Answer> {
  let kept: { readonly answer: Promise<Answer>; readonly atMs: number } | undefined;
  return () => {
    if (kept !== undefined && runtime.nowMs() - kept.atMs < keptMs) return kept.answer;
    const answer = ask();
    kept = { answer, atMs: runtime.nowMs() };
    answer.catch(() => {
      if (kept?.answer === answer) kept = undefined;
    });
    return answer;
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
    hasProjects: projects,
    async addressUses() {
      try {
        return await uses();
      } catch (error) {
        if (!isUnknownName(error, 'party.address')) throw error;
        throw new SyncError('misconfigured', 'Tryton has no parties.', {
          explanation: 'The module "party" is not active in this Tryton database.',
          cause: error,
        });
      }
    },
    access: (names) => accessTo(models, names),
  };
}
