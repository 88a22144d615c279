import type { Mutant } from './mutant.ts';

const guard = 'functions/adapters/http/guard-sign-in.ts';
const echoes = 'test/adapters/http/without-echoes.test.ts';
const interleavings = 'test/features/connections/activate-and-deactivate.test.ts';
const tenantSettings = 'test/features/tenants/tenant-settings.test.ts';
const moved = 'test/features/connectors/moved-connector.test.ts';
const signIns = 'test/wiring/sign-in-guards.test.ts';

export const secretMutants: readonly Mutant[] = [
  {
    id: 'secrets-sent-to-any-address',
    rule: 'N1',
    file: 'functions/features/systems/kept-secrets.ts',
    find: "sameAddress(tested.address, wanted.address) ? other?.label : 'address'",
    replace: 'other?.label',
    killedBy: [tenantSettings, moved],
  },
  {
    id: 'secrets-sent-for-any-user',
    rule: 'N1',
    file: 'functions/features/systems/kept-secrets.ts',
    find: "? other?.label : 'address'",
    replace: "? undefined : 'address'",
    killedBy: [tenantSettings, moved],
  },
  {
    id: 'secrets-moved-connection-goes-on',
    rule: 'N2',
    file: 'functions/sync/guards/mark-moved.ts',
    find: "const stops = moved && connection.state === 'active';",
    replace: 'const stops = false;',
    killedBy: [moved, interleavings],
  },
  {
    id: 'secrets-schedule-not-checked-again',
    rule: 'N3',
    file: 'functions/features/connections/keep-schedule.ts',
    find: 'if (now === wanted) return;',
    replace: 'if (now === wanted || wanted) return;',
    killedBy: [interleavings],
  },
  {
    id: 'secrets-crm-secret-not-checked-again',
    rule: 'N4',
    file: 'functions/features/tenants/tenant-settings.ts',
    find: 'if (now === named) return;',
    replace: 'return;',
    killedBy: [interleavings],
  },
  {
    id: 'activation-not-looked-at-again',
    rule: 'N7',
    file: 'functions/features/connections/activate-connection.ts',
    find: 'if (await isAsTested(app, setup)) return active;',
    replace: 'if (active) return active;',
    killedBy: [interleavings],
  },
  {
    id: 'activation-mapping-saved-in-any-state',
    rule: 'N7',
    file: 'functions/features/mappings/field-mapping.ts',
    find: "erpFields }, 'inactive');",
    replace: 'erpFields });',
    killedBy: [interleavings],
  },
  {
    id: 'activation-crm-settings-not-taken-back',
    rule: 'N7',
    file: 'functions/features/tenants/tenant-settings.ts',
    find: 'if (tenant.crm && !crm) await takeBackIfInUse',
    replace: 'if (tenant.crm === null) await takeBackIfInUse',
    killedBy: [interleavings],
  },
  {
    id: 'secrets-echo-kept-in-refusals',
    rule: 'N8',
    file: 'functions/adapters/http/without-echoes.ts',
    find: 'if (answer.status < 400 && !carries(request, forms)) return answer;',
    replace: 'if (!carries(request, forms)) return answer;',
    killedBy: [echoes],
  },
  {
    id: 'secrets-echo-at-sign-in',
    rule: 'N8',
    file: 'functions/wiring/record-systems.ts',
    find: 'return { ...outside, http, guardSignIn:',
    replace: 'return { ...outside, guardSignIn:',
    killedBy: [echoes],
  },
  {
    id: 'sign-in-refused-without-end',
    rule: 'N9',
    file: guard,
    find: 'if (refusals >= mostRefusals) await pause',
    replace: 'if (refusals < 0) await pause',
    killedBy: [signIns],
  },
  {
    id: 'sign-in-refused-is-tried-again',
    rule: 'N5',
    file: guard,
    find: "if (state.refused && by === 'engine') {",
    replace: 'if (state.refused === null) {',
    killedBy: [signIns],
  },
  {
    id: 'sign-in-locked-goes-on',
    rule: 'N6',
    file: guard,
    find: 'await signIns.notePaused(who, untilMs);',
    replace: '',
    killedBy: [signIns],
  },
  {
    id: 'sign-in-locked-unseen',
    rule: 'N6',
    file: guard,
    find: 'await onPause(paused, untilMs);',
    replace: '',
    killedBy: [signIns],
  },
];
