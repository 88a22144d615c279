import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { ErpSyncStack } from '../../lib/erp-sync-stack.ts';
import { type StageName, stages } from '../../lib/stages.ts';

/** A resource as the tests look at it. */
export const Resource = z.looseObject({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.infer<typeof Resource>;

/** The template of a stage, without bundling: the code's place is the only difference. */
export function templateOf(name: StageName): Template {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new ErpSyncStack(app, `ErpSync-${name}`, { stage: stages[name] });
  return Template.fromStack(Stack.of(stack));
}

export function resourcesOf(template: Template, type: string): Record<string, Resource> {
  return z.record(z.string(), Resource).parse(template.findResources(type));
}
