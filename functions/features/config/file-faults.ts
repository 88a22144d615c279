import type { FieldFault } from '../../core/errors.ts';
import { isSameName, type Named, nameTaken } from '../../core/model/name-key.ts';
import type { Application } from '../application.ts';
import { kindFaults } from '../connectors/connector-types.ts';
import type { ConfigFile } from './config-file.ts';
import type { TenantSetUp } from './tenant-set-up.ts';

function namedTwice(kind: `${Named}s`, things: readonly { readonly name: string }[]): FieldFault[] {
  return things.flatMap(({ name }, at) => {
    const first = things.findIndex((other) => isSameName(other.name, name));
    return first < at ? [{ path: `${kind}[${at}].name`, message: `Is the name of ${kind}[${first}] too` }] : [];
  });
}

/** Names that differ from one that somebody has only as nobody would tell them apart. */
function takenNames(
  kind: Named,
  things: readonly { readonly name: string }[],
  known: readonly { readonly id: string; readonly name: string }[],
): FieldFault[] {
  return things.flatMap(({ name }, at) => {
    if (known.some((one) => one.name === name)) return [];
    const holder = known.find((one) => isSameName(one.name, name));
    return holder
      ? [{ path: `${kind}s[${at}].name`, message: `${nameTaken(kind, holder.id)}, written otherwise` }]
      : [];
  });
}

/** What is wrong with a file as a whole, before anything is asked of a system: nothing of it is looked at further. */
export function fileFaults(
  app: Application,
  { connectors, connections }: ConfigFile,
  tenant: TenantSetUp,
): FieldFault[] {
  const kinds = connectors.flatMap(({ name, kind }, at) => {
    const known = tenant.connectors.find((one) => one.name === name);
    const path = `connectors[${at}].kind`;
    const changed = known && known.kind !== kind ? [{ path, message: `Cannot be changed: it is ${known.kind}` }] : [];
    return [...kindFaults(app, 'erp', kind, path), ...changed];
  });
  const names = connectors.map(({ name }) => name);
  const unknown = connections.flatMap(({ connector }, at) =>
    names.includes(connector)
      ? []
      : [{ path: `connections[${at}].connector`, message: 'The file has no connector of this name' }],
  );
  return [
    ...namedTwice('connectors', connectors),
    ...namedTwice('connections', connections),
    ...takenNames('connector', connectors, tenant.connectors),
    ...takenNames(
      'connection',
      connections,
      tenant.setups.map(({ connection }) => connection),
    ),
    ...kinds,
    ...unknown,
  ];
}
