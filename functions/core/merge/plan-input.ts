import type { MappedField } from '../mapping/mapping.ts';
import type { BySide } from '../model/by-side.ts';
import type { Choice, FieldState } from '../model/link.ts';
import type { Resync } from '../model/run.ts';
import type { Side } from '../model/side.ts';
import type { Values } from '../values/value.ts';
import type { CrmWriter } from './crm-writers.ts';
import type { ConflictPolicy, SideTime } from './policy.ts';

export interface PlannedSide {
  readonly values: Values;
  readonly time?: SideTime | undefined;
}

export interface PlanInput {
  readonly fieldStates: Readonly<Record<string, FieldState>>;
  readonly choices: Readonly<Record<string, Choice>>;
  readonly crm: PlannedSide;
  readonly erp: PlannedSide;
  readonly mapping: readonly MappedField[];
  readonly policy: ConflictPolicy;
  readonly timeResolutionMs: BySide<number>;
  /** The other connections that wrote the CRM record, highest in the sync priority first. */
  readonly crmWriters?: readonly CrmWriter[] | undefined;
  readonly resync?: Resync | undefined;
  /** The fields whose values a resync left to a person's answer, and the side that they are of. `sent`: their marks, but of blanks. */
  readonly leftOfResync?:
    | { readonly winner: Side; readonly fields: readonly string[]; readonly sent?: Readonly<Record<string, string>> }
    | undefined;
}
