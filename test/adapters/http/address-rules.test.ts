import { expect, test } from 'vitest';
import { type AddressRules, isAllowedAddress, urlFault } from '../../../functions/adapters/http/address-rules.ts';

const strict: AddressRules = { allowHttp: false, allowLoopback: false, privateRanges: [] };
const local: AddressRules = { allowHttp: true, allowLoopback: true, privateRanges: [] };

test('public addresses are allowed by https, and never by plain http', () => {
  expect(isAllowedAddress(strict, 'https:', '93.184.215.14')).toBe(true);
  expect(isAllowedAddress(strict, 'https:', '2606:2800:21f:cb07::1')).toBe(true);
  expect(isAllowedAddress(local, 'http:', '93.184.215.14')).toBe(false);
});

test.each([
  '127.0.0.1',
  '::1',
  '10.0.0.1',
  '172.16.3.4',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  'fd00:ec2::254',
  'fe80::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  '::',
  '::10.0.0.1',
  '::93.184.215.14',
  '::7f00:1',
  '100::1',
  '100:0:0:1::1',
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  '3fff::1',
  'fec0::1',
  'fc00::1',
  'ff02::1',
  '5f00::1',
  '4000::1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '240.0.0.1',
  '0.1.2.3',
  'example.com',
])('%s is not allowed without a stage setting', (address) => {
  expect(isAllowedAddress(strict, 'https:', address)).toBe(false);
});

test('a named private range is allowed, its neighbours are not', () => {
  const rules = { ...strict, privateRanges: ['10.20.0.0/16', 'fd12::/32'] };
  expect(isAllowedAddress(rules, 'https:', '10.20.3.4')).toBe(true);
  expect(isAllowedAddress(rules, 'https:', '::ffff:10.20.3.4')).toBe(true);
  expect(isAllowedAddress(rules, 'https:', 'fd12::1')).toBe(true);
  expect(isAllowedAddress(rules, 'https:', '10.21.0.1')).toBe(false);
  expect(isAllowedAddress(rules, 'http:', '10.20.3.4')).toBe(false);
});

test('an IP literal in the URL is checked, however it is written', () => {
  for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:a9fe:a9fe]', '169.254.169.254']) {
    expect(urlFault(strict, new URL(`https://${host}/x`))).toBe('not a public address');
  }
  expect(urlFault(strict, new URL('https://93.184.215.14/x'))).toBeUndefined();
  expect(urlFault(local, new URL('http://127.0.0.1:8080/x'))).toBeUndefined();
});

test('credentials, plain http and other schemes are refused', () => {
  expect(urlFault(strict, new URL('https://user:word@example.com/'))).toBe('credentials in the address');
  expect(urlFault(strict, new URL('http://example.com/'))).toBe('not https');
  expect(urlFault(local, new URL('ftp://example.com/'))).toBe('neither https nor http');
});
