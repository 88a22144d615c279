import type { FieldMetadata } from '../../../core/model/field.ts';

/** What an administrator fills in for a connection to Tryton. */
export const settings: readonly FieldMetadata[] = [
  text('database', 'Database', 'Name of the Tryton database, as in the sign-in window.', 'mandatory'),
  text('user', 'User', 'User name the service signs in with. Give it a Tryton user of its own.', 'mandatory'),
  {
    ...text('password', 'Password', 'Password of that user; kept in the secret store only.', 'mandatory'),
    type: 'password',
  },
  {
    ...text(
      'dedicatedUser',
      'User belongs to this connection alone',
      'Nobody and nothing else signs in as this user. Changes by it are then known to be the service’s own.',
      'normal',
    ),
    type: 'checkbox',
    defaultValue: false,
  },
  category('customerCategory', 'Category of customers', 'Customer'),
  category('supplierCategory', 'Category of suppliers', 'Supplier'),
  category('personCategory', 'Category of contact persons', 'Person'),
];

function text(key: string, label: string, description: string, access: FieldMetadata['access']): FieldMetadata {
  return { key, label, description, type: 'text', maxLength: 0, access, searchable: false };
}

function category(key: string, label: string, name: string): FieldMetadata {
  const description = 'Name of the party category in Tryton that marks them. Clear it not to offer them.';
  return { ...text(key, label, description, 'normal'), defaultValue: name };
}
