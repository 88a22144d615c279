import { expect, test } from 'vitest';
import * as z from 'zod';
import { verdictOf } from '../../functions/http/chain/principal.ts';
import { stages } from '../../lib/stages.ts';
import { resourcesOf, templateOf } from './synthesised-stack.ts';

const Settings = z.object({
  DestinationArn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Format: z.string(),
});

/** What the API's stage logs, and where. */
function accessLogOf(name: keyof typeof stages) {
  const template = templateOf(name);
  const [deployed] = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
  const settings = Settings.parse(deployed?.Properties.AccessLogSettings);
  const group = resourcesOf(template, 'AWS::Logs::LogGroup')[settings.DestinationArn['Fn::GetAtt'][0]];
  return { group, format: settings.Format };
}

test('every request is logged to a group of its stage, which forgets as those of functions do', () => {
  for (const stage of Object.values(stages)) {
    const { group } = accessLogOf(stage.name);
    expect(group).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        LogGroupName: `/aws/vendedlogs/erp-sync-${stage.name}-access`,
        RetentionInDays: stage.logRetentionDays,
      },
    });
  }
});

test('a line of the access log is JSON of texts, whatever is missing', () => {
  const { format } = accessLogOf('prod');
  expect(format).not.toContain('\n');
  const line = z.record(z.string(), z.string()).parse(JSON.parse(format.replaceAll(/\$context\.[\w.]+/g, '-')));
  expect(new Set(Object.values(line))).toEqual(new Set(['-']));
});

test('the access log has ids, the route as declared, times and errors, and no path, query, header, address or name', () => {
  const variables = accessLogOf('prod').format.match(/\$[\w.]+/g) ?? [];
  expect(variables.map((one) => one.replace('$context.', '')).toSorted()).toEqual([
    ...['authorizer.error', 'authorizer.tenantid', 'error.responseType', 'httpMethod'],
    ...['integrationErrorMessage', 'integrationLatency', 'integrationStatus'],
    ...['requestId', 'responseLatency', 'responseLength', 'routeKey', 'status'],
  ]);
});

test('the tenant of the access log is that of the verdict of the authorizer', () => {
  const verdict = verdictOf({ tenantId: 'T1', caller: 'K1', role: 'admin', name: 'Till' });
  const [, property = ''] = /\$context\.authorizer\.(tenantid)"/.exec(accessLogOf('prod').format) ?? [];
  expect(verdict[property]).toBe('T1');
});
