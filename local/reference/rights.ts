import { Role } from '../../functions/core/model/api-key.ts';
import { operationTexts } from '../../functions/http/contract/operation-texts.ts';
import type { DescribedOperation } from '../../functions/http/route.ts';

const roles = Role.options;

const heading = `# Rights

Which role may call which operation of the HTTP API. Made by \`npm run openapi\` from \`functions/http/registry.ts\`, which API Gateway and the functions go by.

\`admin\` sets up; \`service\` is the CRM's back end; \`user\` is a CRM user, who may do it to what is in their reach ([words.md](words.md)). *all* needs no key.
`;

function marks({ roles: allowed }: DescribedOperation): string {
  if (allowed === 'public') return roles.map(() => 'all').join(' | ');
  return roles.map((role) => (allowed.some((one) => one === role) ? 'yes' : '–')).join(' | ');
}

function row(route: DescribedOperation): string {
  const { method, path } = route;
  return `| \`${method} ${path.replace('+}', '}')}\` | ${marks(route)} |`;
}

/** The matrix of roles and operations, as docs/rights.md keeps it. */
export function rightsPage(routes: readonly DescribedOperation[]): string {
  const texts = new Map(Object.entries(operationTexts));
  const byTag = Map.groupBy(routes, ({ id }) => texts.get(id)?.tag ?? '');
  const tables = [...byTag].map(([tag, ofTag]) => {
    const head = `| Operation | ${roles.join(' | ')} |\n|---|${roles.map(() => ':-:').join('|')}|`;
    return `## ${tag}\n\n${head}\n${ofTag.map(row).join('\n')}\n`;
  });
  return [heading, ...tables].join('\n');
}
