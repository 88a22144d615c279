import { type Conditions, kindConditions, setCondition } from './conditions.ts';
import { type CallKind, isCallKind } from './journal.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { isRecordType, type RecordType } from './shapes.ts';

/**
 * What a rule does to a call. `…-before`: the call is not processed. `…-after`: it is, and its answer is lost
 * (`timeout` leaves the connection open and silent, `reset` drops it). `…-page`: of something in front of the CRM. `cut`:
 * the call is processed, and half of its answer arrives.
 */
const faultActions = [
  '401',
  '403',
  '429',
  '500',
  '502',
  '503',
  '400-page',
  '401-page',
  '403-page',
  '404-page',
  'html',
  'cut',
  'timeout-before',
  'timeout-after',
  'reset-before',
  'reset-after',
] as const;
type FaultAction = (typeof faultActions)[number];

/** Applies to the next `times` calls of that kind, of one record if one is named. */
export type FaultRule = {
  kind: CallKind | 'any';
  action: FaultAction;
  times: number;
  type?: RecordType;
  id?: number;
  retryAfterSeconds?: number;
};

export type Faults = Conditions & {
  rules: FaultRule[];
  /** Every connection to the API is dropped. */
  down: boolean;
  /** Delay before processing, by kind of call or `any`. */
  slowMs: Partial<Record<CallKind | 'any', number>>;
  reformatPhones: boolean;
  /** Whether an edit of phones, e-mails, urls or addresses alone touches the record's `updated` (undocumented, spec 7). */
  childEditsBumpUpdated: boolean;
  /** Edits of users become visible now with a stamp this much older, as a long transaction's would. */
  lateCommitSeconds: number;
  clockOffsetSeconds: number;
  tenantState: string;
  stateValidSeconds: number;
};

export function noFaults(): Faults {
  return {
    ...kindConditions(),
    rules: [],
    down: false,
    slowMs: {},
    reformatPhones: false,
    childEditsBumpUpdated: true,
    lateCommitSeconds: 0,
    clockOffsetSeconds: 0,
    tenantState: 'Running',
    stateValidSeconds: 600,
  };
}

/** The first rule for this call that has times left; it is used up by one. */
export function takeFault(
  faults: Faults,
  call: { kind: CallKind; type?: RecordType; id?: number },
): FaultRule | undefined {
  const rule = faults.rules.find(
    (candidate) =>
      candidate.times > 0 &&
      (candidate.kind === 'any' || candidate.kind === call.kind) &&
      (candidate.type === undefined || candidate.type === call.type) &&
      (candidate.id === undefined || candidate.id === call.id),
  );
  if (rule !== undefined) rule.times -= 1;
  return rule;
}

/** Faults as given to `PUT /faults`: what is not named has its default. Throws an Error that names the wrong part. */
export function parseFaults(input: Json): Faults {
  if (!isJsonObject(input)) throw new Error('Faults must be an object.');
  const faults = noFaults();
  for (const [key, value] of Object.entries(input)) setFault(faults, key, value);
  return faults;
}

function setFault(faults: Faults, key: string, value: Json): void {
  if (key === 'rules' && Array.isArray(value)) {
    faults.rules = value.map(parseRule);
  } else if (key === 'slowMs' && isJsonObject(value)) {
    faults.slowMs = Object.fromEntries(
      Object.entries(value).map(([kind, delayMs]) => {
        if ((kind !== 'any' && !isCallKind(kind)) || typeof delayMs !== 'number')
          throw new Error('slowMs is kind → ms.');
        return [kind, delayMs];
      }),
    );
  } else if (
    (key === 'down' || key === 'reformatPhones' || key === 'childEditsBumpUpdated') &&
    typeof value === 'boolean'
  ) {
    faults[key] = value;
  } else if (
    (key === 'lateCommitSeconds' || key === 'clockOffsetSeconds' || key === 'stateValidSeconds') &&
    typeof value === 'number'
  ) {
    faults[key] = value;
  } else if (key === 'tenantState' && typeof value === 'string') {
    faults.tenantState = value;
  } else if (!setCondition(faults, key, value)) {
    throw new Error(`There is no fault '${key}' with such a value.`);
  }
}

function parseRule(input: Json): FaultRule {
  if (!isJsonObject(input)) throw new Error('A fault rule must be an object.');
  const { kind = 'any', times = 1, type, id, retryAfterSeconds } = input satisfies JsonObject;
  const action = faultActions.find((candidate) => candidate === `${input.action}`);
  if (action === undefined) throw new Error(`A rule's action is one of ${faultActions.join(', ')}.`);
  if (kind !== 'any' && (typeof kind !== 'string' || !isCallKind(kind))) throw new Error('A rule has an unknown kind.');
  if (typeof times !== 'number') throw new Error("A rule's times is a number.");
  const rule: FaultRule = { kind, action, times };
  if (typeof type === 'string' && isRecordType(type)) rule.type = type;
  if (typeof id === 'number') rule.id = id;
  if (typeof retryAfterSeconds === 'number') rule.retryAfterSeconds = retryAfterSeconds;
  return rule;
}
