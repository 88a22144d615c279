import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import type { StageName } from '../../functions/wiring/env.ts';
import { ErpSyncStack } from '../../lib/erp-sync-stack.ts';
import { stages } from '../../lib/stages.ts';

/** A resource as the tests look at it. */
export const Resource = z.looseObject({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.infer<typeof Resource>;

const Settings = z.object({ context: z.record(z.string(), z.unknown()) });
const cdkJson = readFileSync(path.resolve(import.meta.dirname, '../../cdk.json'), 'utf8');
const { context } = Settings.parse(JSON.parse(cdkJson));

const signIn = { publicUrl: 'https://sync.example.com', crmClientId: 'app-1' };

interface Said {
  readonly reserve?: boolean;
  readonly restoredTable?: string | undefined;
}

/** The stack of a stage, without bundling: the code's place is the only difference. */
export function stackOf(name: StageName, { reserve = false, restoredTable }: Said = {}): Stack {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  return new ErpSyncStack(app, `ErpSync-${name}`, { stage: stages[name], reserve, signIn, restoredTable });
}

export function templateOf(name: StageName, said: Said = {}): Template {
  return Template.fromStack(stackOf(name, said));
}

export function resourcesOf(template: Template, type: string): Record<string, Resource> {
  return z.record(z.string(), Resource).parse(template.findResources(type));
}
