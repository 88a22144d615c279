import { expect, test } from 'vitest';
import { requirementStamp } from '../../local/python.ts';

test('the stamp of the Python packages changes with a version and with the folder, and not with a comment', () => {
  const stamp = requirementStamp('b==2\na==1\n', '/here/.venv');
  expect(requirementStamp('# why\na==1\n\nb==2 # because\n', '/here/.venv')).toBe(stamp);
  expect(requirementStamp('a==1\nb==3\n', '/here/.venv')).not.toBe(stamp);
  expect(requirementStamp('a==1\nb==2\n', '/there/.venv')).not.toBe(stamp);
});
