import { expect, test } from 'vitest';
import { labelsToFree } from '../../../../functions/adapters/aws/secrets/secrets-vault.ts';

const version = (day: number, ...labels: string[]) => ({
  VersionId: `v${day}`,
  CreatedDate: new Date(Date.UTC(2026, 0, day)),
  VersionStages: labels,
});

test('while there is room no version gives its label up', () => {
  expect(labelsToFree([])).toEqual([]);
  const versions = Array.from({ length: 15 }, (_, index) => version(28 - index, `version-${index}`));
  expect(labelsToFree([...versions, version(29, 'AWSCURRENT')])).toEqual([]);
});

test('when all labels are taken, the oldest versions give theirs up, so that one more fits', () => {
  const versions = Array.from({ length: 17 }, (_, index) => version(28 - index, `version-${index}`));
  expect(labelsToFree(versions)).toEqual([
    { label: 'version-16', version: 'v12' },
    { label: 'version-15', version: 'v13' },
  ]);
});
