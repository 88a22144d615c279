import type { Conflict, FieldChange } from '../../core/model/field-change.ts';
import type { Side } from '../../core/model/side.ts';
import type { Value } from '../../core/values/value.ts';
import type { Page } from '../../ports/page.ts';
import type { Caller } from '../api-keys/authenticate.ts';
import type { Application } from '../application.ts';
import type { ItemTextOf } from '../systems/item-text-of.ts';

interface ConflictTexts {
  readonly crmText?: string | undefined;
  readonly erpText?: string | undefined;
  readonly baseText?: { readonly crm: string | undefined; readonly erp: string | undefined } | undefined;
}

interface ChangeTexts {
  readonly oldText?: string | undefined;
  readonly newText?: string | undefined;
  readonly sentText?: string | undefined;
  readonly conflict?: (Conflict & ConflictTexts) | undefined;
}

/** Texts of the list items that a conflict is about; nothing for other values. */
export function textsOfConflict(
  textOf: (side: Side, value: Value) => string | undefined,
  { crm, erp, base }: Pick<Conflict, 'crm' | 'erp' | 'base'>,
): ConflictTexts {
  const both = base && { crm: textOf('crm', base.crm), erp: textOf('erp', base.erp) };
  const isNamed = both?.crm !== undefined || both?.erp !== undefined;
  return { crmText: textOf('crm', crm), erpText: textOf('erp', erp), baseText: isNamed ? both : undefined };
}

/** Of the list items of a change. */
export function textsOfChange(change: FieldChange, textOf: ItemTextOf): ChangeTexts {
  const { side, oldValue, newValue, sentValue, conflict } = change;
  const ofSide = (one: Side, value: Value | undefined) => textOf(change, one, value);
  return {
    oldText: ofSide(side, oldValue),
    newText: ofSide(side, newValue),
    sentText: ofSide(side, sentValue),
    conflict: conflict && { ...conflict, ...textsOfConflict(ofSide, conflict) },
  };
}

/** In the language of who asks, where the systems have it. */
export async function changesWithTexts(
  { itemTexts }: Pick<Application, 'itemTexts'>,
  { tenantId }: Caller,
  { items, cursor }: Page<FieldChange>,
  language: string | undefined,
) {
  const textOf = await itemTexts.of(
    tenantId,
    items.map(({ connectionId }) => connectionId),
    language,
  );
  return { items: items.map((change) => ({ ...change, ...textsOfChange(change, textOf) })), cursor };
}
