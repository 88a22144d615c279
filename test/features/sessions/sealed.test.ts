import { expect, test } from 'vitest';
import { sealer } from '../../../functions/features/sessions/sealed.ts';

const { seal, open } = sealer(async () => 'a secret of the tests, long enough');

test('what was sealed opens for its purpose alone, with the same secret', async () => {
  const sealed = await seal('one', 'a text');
  expect(await open('one', sealed)).toBe('a text');
  expect(await open('two', sealed)).toBeUndefined();
  expect(await sealer(async () => 'another secret').open('one', sealed)).toBeUndefined();
  expect(sealed).not.toBe(await seal('one', 'a text'));
});

test('what was changed or cut anywhere opens for none', async () => {
  const bytes = Buffer.from(await seal('one', 'a text'), 'base64url');
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await open('one', changed.toString('base64url'))).toBeUndefined();
    expect(await open('one', bytes.subarray(0, at).toString('base64url'))).toBeUndefined();
  }
});
