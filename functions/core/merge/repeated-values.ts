/**
 * Texts that would come to many links of one message in place of many different ones: what an import does that puts one
 * name or number on everybody. A person who sets a term or a category for many replaces few different values, and people
 * who move to one town are few among those who move. Pure. Attacked by test/core/merge/repeated-values.test.ts.
 */

import { fieldValue } from '../mapping/field-value.ts';
import type { MappedField } from '../mapping/mapping.ts';
import { type BySide, bySide } from '../model/by-side.ts';
import { fieldKey } from '../model/link.ts';
import { otherSide, type Side, sides } from '../model/side.ts';
import { comparisonKey, isBlank, type Value, type Values } from '../values/value.ts';

/** So many different values of one field replaced by one text, and it is looked at more closely. */
export const leastRepeats = 3;
/** And so large a part of the links whose field differs. */
const leastShare = 1 / 3;

/** Both records of a link as they were read, and what is mapped of them. */
export interface ReadPair {
  readonly mapping: readonly MappedField[];
  readonly values: BySide<Values>;
}

/** Only texts: numbers, dates and yes or no repeat by nature, and so do the items of a list. */
export function isOwnText({ crm, erp }: MappedField): boolean {
  return crm.type === 'text' && erp.type === 'text';
}

/** The text, whatever form it is written in. */
export function textOf(mapped: MappedField, side: Side, value: Value): string {
  return String(comparisonKey('text', mapped[side].format ?? 'plain', value) ?? '');
}

function nameOf(mapped: MappedField, from: Side, value: Value): string {
  return JSON.stringify([from, fieldKey(mapped), textOf(mapped, from, value)]);
}

interface Tally {
  links: number;
  readonly replaced: Map<string, { links: number; readonly olds: Set<string> }>;
}

function countInto(tallies: Map<string, Tally>, mapped: MappedField, values: BySide<Values>): void {
  const of = bySide((side) => fieldValue(mapped, side, values[side]));
  if (isBlank(of.crm) || isBlank(of.erp)) return;
  const texts = { crm: textOf(mapped, 'crm', of.crm), erp: textOf(mapped, 'erp', of.erp) };
  if (texts.crm === texts.erp) return;
  for (const from of sides) {
    const name = `${from} ${fieldKey(mapped)}`;
    const tally = tallies.get(name) ?? { links: 0, replaced: new Map() };
    tallies.set(name, tally);
    tally.links += 1;
    const value = nameOf(mapped, from, of[from]);
    const replaced = tally.replaced.get(value) ?? { links: 0, olds: new Set() };
    tally.replaced.set(value, replaced);
    replaced.links += 1;
    replaced.olds.add(texts[otherSide(from)]);
  }
}

/** Names of the texts that repeat, among links as they were read; what rests does not differ, and costs nothing. */
export function repeatedValues(links: Iterable<ReadPair>): ReadonlySet<string> {
  const tallies = new Map<string, Tally>();
  for (const { mapping, values } of links) {
    for (const mapped of mapping) if (isOwnText(mapped)) countInto(tallies, mapped, values);
  }
  const repeated = new Set<string>();
  for (const { links: differing, replaced } of tallies.values()) {
    for (const [value, { links: same, olds }] of replaced) {
      if (olds.size >= leastRepeats && same >= differing * leastShare) repeated.add(value);
    }
  }
  return repeated;
}

/** Whether a text that one side has is among those that repeat. */
export function isRepeated(repeated: ReadonlySet<string>, mapped: MappedField, from: Side, value: Value): boolean {
  return repeated.size > 0 && isOwnText(mapped) && repeated.has(nameOf(mapped, from, value));
}
