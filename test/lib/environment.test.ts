import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  AuthorizerEnvironment,
  ConnectionsEnvironment,
  DispatcherEnvironment,
  LinksEnvironment,
  SessionEnvironment,
  SyncEnvironment,
  stageNames,
  WorkerEnvironment,
} from '../../functions/wiring/env.ts';
import { resourcesOf, templateOf } from './synthesised-stack.ts';

const schemas: Record<string, z.ZodObject> = {
  authorizer: AuthorizerEnvironment,
  connections: ConnectionsEnvironment,
  links: LinksEnvironment,
  sync: SyncEnvironment,
  session: SessionEnvironment,
  dispatcher: DispatcherEnvironment,
  worker: WorkerEnvironment,
};

const Lambda = z.looseObject({
  FunctionName: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

test.each(stageNames)('in stage %s every function finds what it needs in its environment', (stage) => {
  const functions = Object.values(resourcesOf(templateOf(stage), 'AWS::Lambda::Function'));
  expect(functions).toHaveLength(Object.keys(schemas).length);
  for (const { Properties } of functions) {
    const { FunctionName, Environment } = Lambda.parse(Properties);
    // References are known at deployment only: any text stands for them.
    const variables = Object.entries(Environment.Variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : 'reference',
    ]);
    const schema = schemas[FunctionName.replace(`erp-sync-${stage}-`, '')];
    expect(schema?.safeParse(Object.fromEntries(variables))).toMatchObject({ success: true });
  }
});
