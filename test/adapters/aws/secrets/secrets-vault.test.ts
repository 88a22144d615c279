import { expect, test } from 'vitest';
import { slotToTake } from '../../../../functions/adapters/aws/secrets/secrets-vault.ts';

const version = (day: number, ...labels: string[]) => ({
  VersionId: `v${day}`,
  CreatedDate: new Date(Date.UTC(2026, 0, day)),
  VersionStages: labels,
});

test('a new version takes a label that no version has', () => {
  expect(slotToTake([])).toBe('slot-0');
  expect(slotToTake([version(1, 'slot-0', 'AWSPREVIOUS'), version(2, 'slot-1', 'AWSCURRENT')])).toBe('slot-2');
});

test('when all labels are taken, the oldest version gives its label up', () => {
  const versions = Array.from({ length: 16 }, (_, index) => version(28 - index, `slot-${index}`));
  expect(slotToTake(versions)).toBe('slot-15');
});
