/** A file, how it imports, and a file of ours or a package. */
export type Import = readonly [file: string, kind: 'value' | 'type' | 'export', target: string];

interface Breach {
  readonly rule: string;
  readonly imports: readonly Import[];
}

/** What the rules leave room for. */
export const allowed: readonly Import[] = [
  ['functions/core/values/fingerprint.ts', 'value', 'node:crypto'],
  ['functions/adapters/erp/tryton/wire.ts', 'value', 'functions/adapters/http/http-client.ts'],
  ['functions/http/registry.ts', 'type', 'functions/core/model/api-key.ts'],
  ['functions/handlers/worker.ts', 'type', 'aws-lambda'],
  ['lib/e.ts', 'value', 'functions/core/timing/lanes.ts'],
  ['lib/e.ts', 'value', 'functions/http/registry.ts'],
  ['lib/e.ts', 'type', 'functions/wiring/env.ts'],
  ['console/b.ts', 'type', 'functions/core/errors.ts'],
  ['bench/a.ts', 'value', 'functions/adapters/memory/memory-table.ts'],
  ['test/a.test.ts', 'value', 'functions/adapters/memory/memory-table.ts'],
  // Not of the project: made at run time.
  ['local/.state-e2e/a.ts', 'value', 'test/features/world.ts'],
  // The way back in a circle, which is reported once.
  ['functions/sync/runs/other.ts', 'type', 'functions/sync/runs/one.ts'],
];

/** Imports that the rules of `.dependency-cruiser.mjs` forbid: at least one for each rule, and for each way round it. */
export const breaches: readonly Breach[] = [
  {
    rule: 'core-imports-inwards',
    imports: [
      ['functions/core/merge/a.ts', 'type', 'functions/ports/links.ts'],
      ['functions/core/merge/b.ts', 'export', 'functions/sync/look/look.ts'],
    ],
  },
  {
    rule: 'ports-imports-inwards',
    imports: [
      ['functions/ports/a.ts', 'type', 'functions/sync/engine.ts'],
      ['functions/ports/b.ts', 'type', 'functions/adapters/aws/sqs/queue.ts'],
    ],
  },
  {
    rule: 'sync-imports-inwards',
    imports: [
      ['functions/sync/look/a.ts', 'type', 'functions/features/links/list-links.ts'],
      ['functions/sync/look/b.ts', 'value', 'functions/adapters/aws/dynamodb/links.ts'],
      ['functions/sync/look/c.ts', 'value', 'functions/http/chain/answer.ts'],
    ],
  },
  {
    rule: 'features-imports-inwards',
    imports: [
      ['functions/features/links/a.ts', 'type', 'functions/http/route.ts'],
      ['functions/features/links/b.ts', 'value', 'functions/wiring/wiring.ts'],
    ],
  },
  {
    rule: 'http-imports-inwards',
    imports: [
      ['functions/http/routes/a.ts', 'value', 'functions/queue/batch.ts'],
      ['functions/http/routes/b.ts', 'type', 'functions/adapters/aws/sqs/queue.ts'],
      ['functions/http/routes/c.ts', 'type', 'functions/wiring/env.ts'],
    ],
  },
  {
    rule: 'queue-imports-inwards',
    imports: [
      ['functions/queue/a.ts', 'value', 'functions/http/chain/answer.ts'],
      ['functions/queue/b.ts', 'value', 'functions/adapters/aws/sqs/queue.ts'],
    ],
  },
  {
    rule: 'adapters-imports-inwards',
    imports: [
      ['functions/adapters/aws/sqs/a.ts', 'type', 'functions/features/links/list-links.ts'],
      ['functions/adapters/erp/odoo/a.ts', 'type', 'functions/sync/engine.ts'],
    ],
  },
  {
    rule: 'wiring-imports-inwards',
    imports: [['functions/wiring/a.ts', 'value', 'functions/handlers/worker.ts']],
  },
  {
    rule: 'handlers-imports-inwards',
    imports: [
      ['functions/handlers/a.ts', 'value', 'functions/handlers/worker.ts'],
      ['functions/handlers/b.ts', 'type', 'functions/adapters/aws/sqs/queue.ts'],
    ],
  },
  {
    rule: 'no-circle',
    imports: [['functions/sync/runs/one.ts', 'type', 'functions/sync/runs/other.ts']],
  },
  { rule: 'no-import-of-nothing', imports: [['local/a.ts', 'value', 'a-package-that-nobody-has']] },
  {
    rule: 'core-is-pure',
    imports: [
      ['functions/core/values/a.ts', 'value', 'node:crypto'],
      ['functions/core/values/b.ts', 'type', 'jose'],
    ],
  },
  {
    rule: 'fingerprint-only-hashes',
    imports: [['functions/core/values/fingerprint.ts', 'value', 'node:fs']],
  },
  {
    rule: 'ports-and-sync-are-plain',
    imports: [
      ['functions/ports/c.ts', 'type', '@aws-sdk/client-sqs'],
      ['functions/sync/runs/a.ts', 'value', 'node:timers/promises'],
    ],
  },
  { rule: 'features-are-plain', imports: [['functions/features/runs/a.ts', 'value', 'node:fs']] },
  {
    rule: 'adapters-alone-know-services',
    imports: [
      ['functions/handlers/c.ts', 'type', '@aws-sdk/client-sqs'],
      ['functions/http/chain/a.ts', 'value', 'jose'],
    ],
  },
  {
    rule: 'vendors-do-not-meet',
    imports: [
      ['functions/adapters/erp/odoo/b.ts', 'type', 'functions/adapters/erp/tryton/fields/fields.ts'],
      ['functions/adapters/erp/odoo/c.ts', 'value', 'functions/adapters/crm/superoffice/session.ts'],
      ['functions/adapters/crm/superoffice/a.ts', 'value', 'functions/adapters/aws/sqs/queue.ts'],
    ],
  },
  {
    rule: 'vendors-are-known-to-the-list',
    imports: [['functions/wiring/c.ts', 'value', 'functions/adapters/erp/tryton/connector.ts']],
  },
  {
    rule: 'vendors-have-one-door',
    imports: [['functions/wiring/record-systems.ts', 'value', 'functions/adapters/erp/tryton/fields/fields.ts']],
  },
  {
    rule: 'wiring-alone-makes-adapters',
    imports: [
      ['cli/a.ts', 'value', 'functions/adapters/aws/sqs/queue.ts'],
      ['local/b.ts', 'value', 'functions/adapters/erp/tryton/tryton.ts'],
    ],
  },
  {
    rule: 'doubles-are-for-tests',
    imports: [['functions/wiring/b.ts', 'value', 'functions/adapters/memory/memory-table.ts']],
  },
  { rule: 'environment-is-plain', imports: [['functions/wiring/env.ts', 'type', 'functions/core/errors.ts']] },
  { rule: 'registry-is-data', imports: [['functions/http/registry.ts', 'value', 'functions/core/errors.ts']] },
  {
    rule: 'runtime-stands-alone',
    imports: [
      ['functions/core/values/c.ts', 'type', 'lib/stages.ts'],
      ['functions/wiring/c.ts', 'value', 'local/state.ts'],
      ['functions/handlers/d.ts', 'value', 'cli/tenant.ts'],
      ['functions/http/chain/b.ts', 'value', 'test/features/world.ts'],
    ],
  },
  {
    rule: 'runtime-needs-no-tool',
    imports: [['functions/adapters/telemetry/a.ts', 'value', 'esbuild']],
  },
  {
    rule: 'infrastructure-shares-little',
    imports: [
      ['lib/a.ts', 'value', 'functions/core/merge/plan.ts'],
      ['lib/b.ts', 'type', 'functions/wiring/wiring.ts'],
      ['lib/c.ts', 'value', 'local/state.ts'],
    ],
  },
  {
    rule: 'infrastructure-takes-types-of-variables',
    imports: [['lib/d.ts', 'value', 'functions/wiring/env.ts']],
  },
  {
    rule: 'commands-act-through-wiring',
    imports: [
      ['cli/b.ts', 'value', 'functions/handlers/worker.ts'],
      ['cli/c.ts', 'value', 'lib/stages.ts'],
    ],
  },
  { rule: 'console-takes-types', imports: [['console/a.ts', 'value', 'functions/core/errors.ts']] },
  {
    rule: 'simulator-is-independent',
    imports: [
      ['local/crm-simulator/a.ts', 'type', 'functions/core/errors.ts'],
      ['local/crm-simulator/b.ts', 'value', 'lib/stages.ts'],
    ],
  },
  { rule: 'only-tests-import-tests', imports: [['local/c.ts', 'value', 'test/features/world.ts']] },
];
