import type { ErpConnector } from '../../../ports/record-systems.ts';
import { settings } from './settings.ts';

export const connector: ErpConnector = {
  kind: 'tryton',
  label: 'Tryton 8',
  settings,
  secretsBoundTo: ['database', 'user'],
  async reach(outside, url) {
    const { reach } = await import('./reach.ts');
    return reach(outside, url);
  },
  async open(outside, url, { password, ...config }) {
    const { tryton } = await import('./tryton.ts');
    return tryton({ ...outside, url, config, password: String(password ?? '') });
  },
};
