import { SyncError } from '../../../core/errors.ts';
import { type RecordSight, SightAnswer } from '../../../ports/record-sight.ts';
import { type CalledFunction, callFunction } from './call-function.ts';

/** The RecordSight port on the function that may open refresh tokens. */
export function sightByFunction(called: CalledFunction): RecordSight {
  return {
    async ask(message) {
      const answer = SightAnswer.safeParse(JSON.parse(await callFunction(called, message)));
      if (!answer.success) throw new SyncError('defect', `The answer of ${called.functionName} cannot be read.`);
      return answer.data;
    },
  };
}
