import { expect, test } from 'vitest';
import { readTenantState } from '../../../../../functions/adapters/crm/superoffice/session/tenant-state.ts';

function read(address: string, state: object) {
  const answer = { status: 200, headers: {}, text: JSON.stringify({ State: 'Running', IsRunning: true, ...state }) };
  return readTenantState(answer, { address, crmContext: 'Cust12345', clientId: 'app' }, 0);
}

const online = 'https://online.superoffice.com';

test('the API may be at the address that was asked or beside it in the same domain', () => {
  expect(read(online, { Api: 'https://online2.superoffice.com/Cust12345/api/' }).apiUrl).toBe(
    'https://online2.superoffice.com/Cust12345/api',
  );
  expect(read('https://crm.co.uk', { Api: 'https://crm.co.uk/api' }).apiUrl).toBe('https://crm.co.uk/api');
});

test.each([
  [online, 'https://superoffice.example.com/api'],
  [online, 'http://online2.superoffice.com/api'],
  ['https://crm.co.uk', 'https://elsewhere.co.uk/api'],
  ['https://crm.com.au', 'https://elsewhere.com.au/api'],
])('the API of %s is not taken to be at %s', (address, Api) => {
  expect(() => read(address, { Api })).toThrow(expect.objectContaining({ kind: 'misconfigured' }));
});

test.each([{}, { Api: null }, { Api: '' }])(
  'a running tenant that names no address of its API is waited for',
  (state) => {
    expect(() => read(online, state)).toThrow(expect.objectContaining({ kind: 'transient' }));
  },
);

test.each(['Deleted', 3, 'Deleting', 10, 'DeleteFailed', 11])('a tenant in state %s is told as deleted', (State) => {
  const deleted = { kind: 'misconfigured', isTenantDeleted: true };
  expect(() => read(online, { State, IsRunning: false })).toThrow(expect.objectContaining(deleted));
});

test.each(['Suspended', 'Unknown', 'OfflineMaintenance', null])(
  'a tenant in state %s is not told as deleted',
  (State) => {
    expect(() => read(online, { State, IsRunning: false })).toThrow(
      expect.objectContaining({ isTenantDeleted: false }),
    );
  },
);
