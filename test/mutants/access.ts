import type { Mutant } from './mutant.ts';

const reach = 'test/features/access/reach.test.ts';
const limits = 'test/features/access/limits-of-users.test.ts';
const reads = 'test/features/access/reads-of-users.test.ts';
const scopes = 'test/features/access/scope-of-connection.test.ts';
const guard = 'functions/features/access/guard-user.ts';
const named = 'functions/features/access/named-people.ts';

export const accessMutants: readonly Mutant[] = [
  {
    id: 'access-routes-unguarded',
    rule: 'A1',
    file: 'functions/http/application-routes.ts',
    find: `  return guarded.route<Request>(id, {
    ...definition,
    handle: async (app, call) => handle(app, { ...call, ...(await guardUser(app, call.caller, touches(call))) }),`,
    replace: `  return guarded.route<Request>(id, {
    ...definition,
    handle: async (app, call) => handle(app, call),`,
    killedBy: [reach],
  },
  {
    id: 'access-reading-routes-unguarded',
    rule: 'A1',
    file: 'functions/http/application-routes.ts',
    find: 'handle(app, { ...call, ...(await guardUser(app, call.caller, touches(call, read))) }, read)',
    replace: 'handle(app, call, read)',
    killedBy: [reach],
  },
  {
    id: 'access-lists-unguarded',
    rule: 'A1',
    file: 'functions/http/application-routes.ts',
    find: `  return guarded.list<Request>(id, {
    ...definition,
    handle: async (app, call) => handle(app, { ...call, ...(await guardUser(app, call.caller, touches(call))) }),`,
    replace: `  return guarded.list<Request>(id, {
    ...definition,
    handle: async (app, call) => handle(app, call),`,
    killedBy: [reach],
  },
  {
    id: 'access-any-group',
    rule: 'A2',
    file: 'functions/core/model/scope.ts',
    find: 'scope.groups.includes(group)',
    replace: 'scope.groups.length > 0',
    killedBy: [reach, 'test/core/model/scope.test.ts'],
  },
  {
    id: 'access-deleted-connections',
    rule: 'A2',
    file: 'functions/features/access/reachable-connections.ts',
    find: "state !== 'deleted' && ",
    replace: '',
    killedBy: [reach],
  },
  {
    id: 'access-any-connection',
    rule: 'A2',
    file: guard,
    find: 'reachable.has(connectionId) || undefined',
    replace: 'connectionId || undefined',
    killedBy: [reach],
  },
  {
    id: 'access-failures-of-connections',
    rule: 'A2',
    file: guard,
    find: 'return link && reachable.has(link.connectionId) ? link : undefined;',
    replace: 'return link;',
    killedBy: [reach],
  },
  {
    id: 'access-own-connections-listed-all',
    rule: 'A3',
    file: 'functions/features/connections/read-connections.ts',
    find: 'all.filter((one) => isReachable(one, caller))',
    replace: 'all.filter((one) => isReachable(one, caller) || true)',
    killedBy: [reach],
  },
  {
    id: 'access-links-of-all-connections',
    rule: 'A3',
    file: guard,
    find: 'return links.filter(({ connectionId }) => reachable.has(connectionId));',
    replace: 'return links.filter(({ connectionId }) => reachable.has(connectionId) || true);',
    killedBy: [reach, limits],
  },
  {
    id: 'access-cursor-of-anybody',
    rule: 'A3',
    file: 'functions/http/chain/bind-call.ts',
    find: "caller.role === 'user' ? caller.caller : undefined",
    replace: 'undefined',
    killedBy: [limits],
  },
  {
    id: 'access-runs-of-others',
    rule: 'A4',
    file: guard,
    find: 'read?.trigger.caller === caller.caller ? read : undefined',
    replace: 'read',
    killedBy: [limits],
  },
  {
    id: 'access-runs-half-in-reach',
    rule: 'A4',
    file: guard,
    find: 'covered.every((id) => reachable.has(id))',
    replace: 'covered.some((id) => reachable.has(id))',
    killedBy: [reads],
  },
  {
    id: 'access-forced-runs',
    rule: 'A4',
    file: 'functions/features/access/run-of-user.ts',
    find: ' && !dryRun && !force',
    replace: ' && !dryRun',
    killedBy: [limits],
  },
  {
    id: 'access-tab-of-anybody',
    rule: 'A5',
    file: guard,
    find: "if (refusal !== undefined) throw new SyncError('forbidden', refusal);",
    replace: '',
    killedBy: [reach],
  },
  {
    id: 'access-tab-told-of-things',
    rule: 'A5',
    file: guard,
    find: `  const refusal = whyNoErpTab(found(reading.value, 'tenant', tenantId), caller);
`,
    replace: `  if (reaching.status === 'rejected') throw reaching.reason;
  const refusal = whyNoErpTab(found(reading.value, 'tenant', tenantId), caller);
`,
    killedBy: [reach],
  },
  {
    id: 'access-tab-hidden-from-administrators',
    rule: 'A5',
    file: 'functions/features/access/erp-tab.ts',
    find: 'isInScope(erpTab, person)',
    replace: "isInScope(erpTab, { ...person, role: 'user' })",
    killedBy: [limits],
  },
  {
    id: 'access-names-unchecked',
    rule: 'A6',
    file: named,
    find: 'isNew(kind, id) && unknown[kind].includes(id)',
    replace: 'false',
    killedBy: [scopes],
  },
  {
    id: 'access-gone-names-refused',
    rule: 'A6',
    file: named,
    find: 'isNew(kind, id) && unknown[kind].includes(id)',
    replace: 'unknown[kind].includes(id)',
    killedBy: [scopes],
  },
  {
    id: 'access-configuration-shown',
    rule: 'A7',
    file: 'functions/http/routes/connections.ts',
    find: "caller.role === 'user' ? readConnectionAsUser : readConnection",
    replace: 'readConnection',
    killedBy: [limits],
  },
  {
    id: 'access-other-writers-told',
    rule: 'A7',
    file: 'functions/features/links/explain-link.ts',
    find: 'writer !== undefined && told.has(writer) ? writer : undefined',
    replace: 'writer',
    killedBy: [reads],
  },
  {
    id: 'access-read-link-out-of-reach',
    rule: 'A2',
    file: 'functions/features/access/guard-user.ts',
    find: 'link && connection && isReachable(connection, caller)',
    replace: 'link && connection',
    killedBy: [reach],
  },
  {
    id: 'access-former-names-unasked',
    rule: 'A3',
    file: 'functions/features/access/guard-user.ts',
    find: 'reachable.has(link.connectionId) || further.includes(link)',
    replace: 'reachable.has(link.connectionId) || !told.includes(link.connectionId)',
    killedBy: [reads],
  },
  {
    id: 'access-other-holders-told',
    rule: 'A7',
    file: 'functions/features/links/link-refusal.ts',
    find: "role === 'user' && isOfOthers",
    replace: 'false && isOfOthers',
    killedBy: [reads],
  },
];
