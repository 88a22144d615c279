import { type Brake, toldOf } from '../../core/model/brake.ts';
import { brakeFailureId, type Failure, failureAgain, failureOf } from '../../core/model/failure.ts';
import type { Engine } from '../engine.ts';

/** Fields that our user may not read, among those that a brake shows. */
function unreadableFields({ examples }: Brake): string[] {
  return examples.filter(({ reason }) => reason === 'not-readable').flatMap(({ fields }) => fields);
}

function refusedWhere({ refused = [] }: Brake): string {
  return refused.map(({ side, actorType, field }) => `${field ?? 'any field'} of ${actorType} (${side})`).join(', ');
}

/** What is so while a system refuses: only a run that withheld something was stopped, and can be answered. */
function explanationOfRefusals(brake: Brake): string {
  const { withheld } = brake;
  const found = `What is written there was refused link after link: ${refusedWhere(brake)}.`;
  const since = 'Nothing more is sent there but by one link an hour that tries for all; this is over once one is taken';
  if (withheld === 0) return `${found} ${since}, or on the next day (UTC) if no link waits by then.`;
  return `${found} ${since}. ${withheld} ${toldOf(brake.kind)}; you may answer the run that was stopped: continue sends them, drop holds them.`;
}

/** For people: how many links it holds back, of what, and what can be done. */
function explanationOf(brake: Brake, unreadable: readonly string[]): string {
  if (brake.kind === 'refusals') return explanationOfRefusals(brake);
  const right =
    unreadable.length > 0
      ? ` The user of the connection has no right to read: ${[...new Set(unreadable)].join(', ')}.`
      : '';
  return `${brake.withheld} ${toldOf(brake.kind)}; this was stopped and waits for your answer: continue or drop.${right}`;
}

/** The failure of a brake: it says what is withheld now, and since when the brake stands, however often it was answered or met again. */
export async function failureOfBrake(
  { failures }: Pick<Engine, 'failures'>,
  brake: Brake,
  at: string,
): Promise<Failure> {
  const { tenantId, connectionId, kind, runId } = brake;
  const unreadable = unreadableFields(brake);
  const missingRight = unreadable.length > 0;
  const now = failureOf({
    tenantId,
    id: brakeFailureId(connectionId, kind),
    connectionId,
    runId,
    kind: missingRight ? 'misconfigured' : 'rejected',
    reason: missingRight ? 'right-missing' : `braked-${kind}`,
    explanation: explanationOf(brake, unreadable),
    at,
  });
  return failureAgain(await failures.get(tenantId, now.id), { ...now, firstAt: brake.at });
}
