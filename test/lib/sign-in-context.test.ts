import { expect, test } from 'vitest';
import { signInContext } from '../../lib/sign-in-context.ts';
import { stages } from '../../lib/stages.ts';

test('the public address is a scheme and a host, by https but on one machine', () => {
  const said = (stage: keyof typeof stages, url: unknown) => signInContext(stages[stage], url, undefined).publicUrl;
  expect(said('prod', 'https://sync.example.com')).toBe('https://sync.example.com');
  expect(said('prod', 'https://sync.example.com/')).toBe('https://sync.example.com');
  expect(said('local', 'http://127.0.0.1:20000')).toBe('http://127.0.0.1:20000');
  expect(said('prod', undefined)).toBe('');
  for (const wrong of [
    'http://sync.example.com',
    'https://sync.example.com/sync',
    'https://a@b.example.com',
    'sync',
    '',
  ]) {
    expect(() => said('prod', wrong)).toThrow('Where are the pages?');
  }
});

test('what the vendor calls the application is empty where nobody said', () => {
  const said = (clientId: unknown) => signInContext(stages.prod, undefined, clientId).crmClientId;
  expect([said(undefined), said('app-1'), said(12)]).toEqual(['', 'app-1', '12']);
});
