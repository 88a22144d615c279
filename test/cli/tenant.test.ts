import { expect, test } from 'vitest';
import { failureSentence } from '../../cli/failure-sentence.ts';
import { tenantOptions } from '../../cli/tenant-options.ts';
import { SyncError } from '../../functions/core/errors.ts';

test('stage, context and endpoint are read', () => {
  const args = ['create', '--stage', 'local', '--crm-context', 'Cust12345', '--endpoint-url', 'http://127.0.0.1:4566'];
  expect(tenantOptions(args)).toEqual({
    act: 'create',
    stage: 'local',
    tableName: 'erp-sync-local',
    crmContext: 'Cust12345',
    endpointUrl: 'http://127.0.0.1:4566',
  });
});

test('a tenant is deleted by its id, and only who says so is not asked', () => {
  const args = ['delete', '--stage', 'prod', '--tenant', '01ABC'];
  const asked = { act: 'delete', stage: 'prod', tableName: 'erp-sync-prod', tenantId: '01ABC', isSure: false };
  expect(tenantOptions(args)).toEqual(asked);
  expect(tenantOptions([...args, '--yes'])).toEqual({ ...asked, isSure: true });
});

test('after a restore a tenant is in the table that is named', () => {
  const args = ['create', '--stage', 'prod', '--crm-context', 'Cust12345', '--table', 'erp-sync-prod-restored'];
  expect(tenantOptions(args)).toMatchObject({ stage: 'prod', tableName: 'erp-sync-prod-restored' });
});

test.each([[['delete', '--tenant', '01ABC']], [['create', '--stage', 'production', '--crm-context', 'Cust1']]])(
  '%j, without a stage that there is, is refused and told the stages',
  (args) => {
    expect(tenantOptions(args)).toEqual({ fault: 'Which stage? Say --stage dev, --stage prod, --stage local.' });
  },
);

test.each([
  [['create', '--stage', 'dev', '--crm-context', 'Cust1', '--table', 'a table'], '--table'],
  [['delete', '--stage', 'dev'], '--tenant'],
  [['delete', '--stage', 'dev', '--tenant', '01A#B'], '--tenant'],
  [['delete', '--stage', 'dev', '--crm-context', 'Cust1'], '--tenant'],
  [['create', '--stage', 'dev', '--crm-context', 'Cust1', '--yes'], '--yes'],
  [['create', '--stage', 'dev'], '--crm-context'],
  [['create', '--crm-context', 'Cust1'], '--stage'],
  [['--stage', 'dev', '--crm-context', 'Cust1'], 'create'],
  [['create', '--stage', 'dev', '--crm-context', 'Cust 1'], '--crm-context'],
  [['create', '--stage', 'dev', '--crm-context', 'Cust1', '--force'], '--force'],
])('%j is refused with its reason', (args, reason) => {
  expect(tenantOptions(args)).toMatchObject({ fault: expect.stringContaining(reason) });
});

function awsError(name: string): SyncError {
  return new SyncError('defect', 'DynamoDB TransactWriteItems failed.', {
    cause: Object.assign(new Error('x'), { name }),
  });
}

test.each([
  ['ResourceNotFoundException', 'no table erp-sync-dev'],
  ['CredentialsProviderError', 'sign in first'],
  ['AccessDeniedException', 'may not write'],
  ['TimeoutError', 'does not answer'],
])('%s of AWS is said in words: %s', (name, words) => {
  expect(failureSentence(awsError(name), 'erp-sync-dev')).toContain(words);
});

test('a context that is claimed already is said as such', () => {
  const claimed = new SyncError('conflict', 'The CRM context Cust1 is claimed by another tenant.');
  expect(failureSentence(claimed, 'erp-sync-dev')).toBe('The CRM context Cust1 is claimed by another tenant.');
});
