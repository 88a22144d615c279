/**
 * What a system says of its fields, in the form that is stored. Always true: what comes out of here can be read again
 * (`FieldMetadata`), whatever a system says, for a stored field that cannot be read would make its whole connection
 * unreadable. Pure. Attacked by test/core/mapping/storable-fields.test.ts.
 */
import { FieldMetadata } from '../model/field.ts';

const { label, description } = FieldMetadata.shape;
const mostOfLabel = label.maxLength ?? 0;
const mostOfDescription = description.unwrap().maxLength ?? 0;

/** Without half a character. */
function cut(text: string, most: number): string {
  return text.slice(0, most).toWellFormed();
}

/** 0, no limit is known, for what is no length; the system itself refuses what is too long for it. */
function lengthIn(said: number): number {
  const whole = Math.floor(said);
  return Number.isSafeInteger(whole) && whole > 0 ? whole : 0;
}

/** Texts for people are cut; a field whose key or list nobody could name is left out. */
export function storableFields(said: readonly FieldMetadata[]): FieldMetadata[] {
  return said
    .map((field) => ({
      ...field,
      label: cut(field.label, mostOfLabel),
      description: field.description === undefined ? undefined : cut(field.description, mostOfDescription),
      maxLength: lengthIn(field.maxLength),
    }))
    .filter((field) => FieldMetadata.safeParse(field).success);
}
