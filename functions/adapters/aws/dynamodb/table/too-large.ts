import { SyncError } from '../../../../core/errors.ts';

/** What grows with what people and their systems put into it: what it is to them, and what makes it smaller. */
const byType: ReadonlyMap<string, readonly [what: string, instead: string]> = new Map([
  ['tenant', ['The settings of the tenant are', 'Shorten them.']],
  ['connector', ['The connector is', 'Shorten its settings.']],
  ['connection', ['The connection is', 'Shorten its settings, or name groups in place of users in its scope.']],
  ['connection-order', ['The sync order is', 'Delete connections that are not needed.']],
  [
    'actor-type',
    ['The mapping of the actor type is', 'Map fewer fields, or shorten its filter, constants and defaults.'],
  ],
  ['mapping-version', ['The mapping of the actor type is', 'Map fewer fields, or shorten its filter and constants.']],
  ['proposal', ['The mapping to be tried is', 'Map fewer fields, or shorten its filter and constants.']],
  ['list-pairing', ['The mapping of the two lists is', 'Map fewer of their items.']],
  ['link', ['The link is', 'Shorten the texts of its two records, or map fewer fields.']],
  ['values', ['What the link keeps of its two records is', 'Shorten their texts, or map fewer fields.']],
  ['intent', ['What is to be written for the link is', 'Shorten the texts of its two records, or map fewer fields.']],
  ['change', ['What is to be logged of the change is', 'Shorten the texts of the two records.']],
  ['changes', ['What is to be logged of the changes is', 'Shorten the texts of the two records, or map fewer fields.']],
  ['failure', ['What is known of the failure is', 'Shorten the texts of the two records, or map fewer fields.']],
  ['run', ['What the run is asked to cover is', 'Name fewer links or records at a time.']],
  ['audit', ['What is to be noted of the change is', 'Change less at a time.']],
]);
const others = ['What is to be stored is', 'Ask for less at a time, or shorten it.'] as const;

/** SyncError `too-large` of an item of this type, in the words of those who set up: they do not know how things are stored. */
export function tooLarge(type: string, bytes: number, largestBytes: number): SyncError {
  const [what, instead] = byType.get(type) ?? others;
  return new SyncError('too-large', `${what} too large: ${bytes} bytes, of which ${largestBytes} fit. ${instead}`);
}
