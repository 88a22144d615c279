/** What a request for a run lacks, told at once with what would be right. */
import { expect, test } from 'vitest';
import { ApiWorld } from '../api-world.ts';
import { withCrm } from '../set-up-steps.ts';

const kind = 'Is missing: must be one of sync, compare, sweep, resync-from-crm, resync-from-erp';
const scope =
  'Must be a scope of kind connection, all, actor-type (with actorType), links (with linkIds), crm-record (with crmType and crmKey) or erp-keys (with actorType and erpKeys)';
const actorType = 'Is missing: must be one of customer, supplier, partner, person, project';
const isMissing = expect.stringMatching(/^Is missing: must be the id of a connection .*GET \/v1\/connections/);

const halfRight: Readonly<Record<string, [body: object, errors: object]>> = {
  nothing: [{}, { kind, connectionId: isMissing }],
  'a wrong kind': [{ kind: 'full' }, { kind: kind.replace('Is missing: must', 'Must'), connectionId: isMissing }],
  'a scope alone': [{ scope: { kind: 'all' } }, { kind }],
  'a scope without its fields': [
    { kind: 'sync', scope: { kind: 'erp-keys' } },
    { connectionId: isMissing, 'scope.actorType': actorType, 'scope.erpKeys': 'Is missing: must be a list' },
  ],
  'a scope of a record without the record': [
    { kind: 'sync', scope: { kind: 'crm-record' } },
    {
      'scope.crmType': 'Is missing: must be one of company, person, project',
      'scope.crmKey': 'Is missing: must be a text',
    },
  ],
  'a scope without a kind': [{ kind: 'sync', scope: {} }, { 'scope.kind': scope }],
  'a scope that is a word': [{ scope: 'all' }, { kind, scope }],
  'what does not go together': [
    { kind: 'sweep', connectionId: 'c', scope: { kind: 'all' }, dryRun: true, noBlanks: true, toOthers: true },
    {
      connectionId: 'Must be left out with a scope of kind all',
      noBlanks: 'Only with a run of kind resync-from-crm or resync-from-erp',
      toOthers: 'Only with a run of kind resync-from-erp',
      dryRun: 'Must be left out with a run of kind sweep',
    },
  ],
  'what has no form beside what is missing': [
    { kind: 'sweep', scope: { kind: 'links', linkIds: [] }, dryRun: 'yes' },
    {
      scope: 'A sweep has a scope of kind connection, actor-type or all',
      dryRun: 'Must be true or false',
      'scope.linkIds': 'Must have at least 1 items',
    },
  ],
};

test.each(Object.entries(halfRight))('of %s all is told that is missing or wrong, at once', async (_, [body, told]) => {
  const world = new ApiWorld();
  await withCrm(world);
  for (const role of ['admin', 'service', 'user'] as const) {
    const { status, json } = await world.send('POST', '/v1/sync-runs', { role, body });
    const errors = (json.errors ?? []).map(({ path, message }: Record<string, string>) => [path, message]);
    expect([status, Object.fromEntries(errors)]).toEqual([400, told]);
    expect(errors).toHaveLength(Object.keys(told).length);
  }
});
