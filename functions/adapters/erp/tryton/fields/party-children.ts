import { sameValue, type Value } from '../../../../core/values/value.ts';
import { canonicalText, type Operation, refuse } from '../read/record.ts';
import { type ContactRow, type IdentifierRow, inOrder } from './party-row.ts';

/** The kind of identifier that the VAT number is kept in. */
export const vatType = 'eu_vat';

type Child = ContactRow | IdentifierRow;

/** The row that a field means: the first active one of its type. */
function chooseChild<Row extends Child>(rows: readonly Row[], type: string): Row | undefined {
  return inOrder(rows).find((row) => row.type === type);
}

export function contactValue(rows: readonly ContactRow[], type: string): Value {
  return canonicalText(chooseChild(rows, type)?.value ?? null);
}

export function vatValue(rows: readonly IdentifierRow[]): Value {
  return canonicalText(chooseChild(rows, vatType)?.code ?? null);
}

export interface WantedChild {
  readonly field: string;
  readonly type: string;
  readonly value: Value;
}

/**
 * Nested writes for rows that hold one text each. A blank removes the row, since Tryton requires its text; where another
 * one of the type would then take its place, the field cannot be blanked.
 */
export function composeChildren(
  rows: readonly Child[],
  textField: 'value' | 'code',
  wanted: readonly WantedChild[],
): { operations: Operation[]; removedIds: number[] } {
  const operations: Operation[] = [];
  const removedIds: number[] = [];
  for (const { field, type, value } of wanted) {
    const row = chooseChild(rows, type);
    const text = row === undefined ? null : String(row[textField] ?? '');
    if (sameValue(value, canonicalText(text))) continue;
    if (row === undefined) operations.push(['create', [{ type, [textField]: value }]]);
    else if (value !== null) operations.push(['write', [row.id], { [textField]: value }]);
    else {
      const others = rows.filter((other) => other.active && other.type === type && other.id !== row.id);
      if (others.length > 0) refuse(field, 'Tryton has another entry of this kind, which would take its place.');
      operations.push(['delete', [row.id]]);
      removedIds.push(row.id);
    }
  }
  return { operations, removedIds };
}
