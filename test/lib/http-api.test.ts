import { expect, test } from 'vitest';
import * as z from 'zod';
import { apiFunctions, type Operation, registry } from '../../functions/http/registry.ts';
import { resourcesOf, templateOf } from './synthesised-stack.ts';

const prod = templateOf('prod');

const Route = z.object({
  RouteKey: z.string(),
  AuthorizationType: z.string(),
  Target: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.tuple([z.string(), z.object({ Ref: z.string() })])]) }),
});
const Integration = z.object({ IntegrationUri: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) });

const integrations = resourcesOf(prod, 'AWS::ApiGatewayV2::Integration');
const routes = Object.values(resourcesOf(prod, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
  const { RouteKey, AuthorizationType, Target } = Route.parse(Properties);
  const integration = Integration.parse(integrations[Target['Fn::Join'][1][1].Ref]?.Properties);
  return { key: RouteKey, isOpen: AuthorizationType === 'NONE', target: integration.IntegrationUri['Fn::GetAtt'][0] };
});

const all = apiFunctions.flatMap((name): Operation[] => Object.values(registry[name]));

/** A path is one route; of one that is public in part what is public is a route of its own. */
function keyOf({ path, method, roles }: Operation): string {
  const isGuardedToo = all.some((other) => other.path === path && other.roles !== 'public');
  return roles === 'public' && isGuardedToo ? `${method} ${path}` : `ANY ${path}`;
}

test.each(apiFunctions)('API Gateway sends to the function %s the paths of its operations and no other', (name) => {
  const operations: readonly Operation[] = Object.values(registry[name]);
  const wanted = operations.map((operation) => keyOf(operation));
  if (name === 'connections') wanted.push('$default');
  const sent = routes.filter(({ target }) => target.startsWith(`${name}Function`)).map(({ key }) => key);
  expect(sent.toSorted()).toEqual([...new Set(wanted)].toSorted());
});

test('API Gateway lets through without a key what the registry says is public, and unknown paths to their 404', () => {
  const wanted = all.filter(({ roles }) => roles === 'public').map((operation) => keyOf(operation));
  const open = routes.filter(({ isOpen }) => isOpen).map(({ key }) => key);
  expect(open.toSorted()).toEqual(['$default', ...wanted].toSorted());
});
