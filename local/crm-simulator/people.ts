import { badRequest, notFound } from './api-error.ts';
import { associateFullName, associateLogin, systemUserId } from './associates.ts';
import { recordName } from './conditions.ts';
import type { Crm } from './crm.ts';
import type { Json, JsonObject } from './json.ts';
import type { Person } from './person.ts';

/** User groups; the first of a person's is the primary one. Lists keep a retired one, with its mark. */
const groupNames: Readonly<Record<number, string>> = { 1: 'Management', 2: 'Sales', 3: 'Finance', 4: 'Former sales' };
const retiredGroups = [4];

/** The user of a token that is good, if the CRM still lets them in. */
export function userOfToken(crm: Crm, token: string): number | undefined {
  const known = crm.accessTokens.get(token);
  if (known === undefined || crm.nowMs() >= known.untilMs) return undefined;
  return crm.people.get(known.associateId)?.removed === false ? known.associateId : undefined;
}

export function noteAccessToken(crm: Crm, { token, associateId, expiresInSeconds }: JsonObject): Json {
  if (typeof token !== 'string' || typeof associateId !== 'number' || typeof expiresInSeconds !== 'number') {
    throw badRequest('Give token, associateId and expiresInSeconds.');
  }
  crm.accessTokens.set(token, { associateId, untilMs: crm.nowMs() + expiresInSeconds * 1000 });
  return {};
}

function personOf(crm: Crm, id: number): Person {
  const person = crm.people.get(id);
  if (person === undefined) throw notFound(`There is no user ${id}.`);
  return person;
}

export function shownPerson(crm: Crm, id: number): Json {
  return { id, login: associateLogin(id), fullName: associateFullName(id), ...personOf(crm, id) };
}

export const shownPeople = (crm: Crm): Json => [...crm.people.keys()].map((id) => shownPerson(crm, id));

/** What an administrator of the CRM does to a user. */
export function changePerson(crm: Crm, id: number, { groups, isAdministrator, removed, hidden }: JsonObject): Json {
  const person = personOf(crm, id);
  if (Array.isArray(groups)) person.groups = groups.map(Number);
  if (typeof isAdministrator === 'boolean') person.isAdministrator = isAdministrator;
  if (typeof removed === 'boolean') person.removed = removed;
  if (Array.isArray(hidden)) person.hidden = hidden.map(recordName);
  return shownPerson(crm, id);
}

/** GET User/currentPrincipal: of the system user, or of whom a token belongs to. */
export function principal(crm: Crm, associateId: number): JsonObject {
  const [groupId = 0, ...secondaryGroups] = crm.people.get(associateId)?.groups ?? [];
  return {
    UserType: associateId === systemUserId ? 'SystemUser' : 'InternalAssociate',
    Associate: associateLogin(associateId),
    AssociateId: associateId,
    PersonId: 0,
    FullName: associateFullName(associateId),
    EMailAddress: '',
    IsPersonContact: false,
    GroupId: groupId,
    SecondaryGroups: secondaryGroups,
  };
}

type Listed = { id: number; name: string; deleted: boolean };

function item({ id, name, deleted }: Listed, rank: number, type: string, children: JsonObject[] = []): JsonObject {
  const common = { ToolTip: '', Rank: rank, Type: type, StyleHint: '', ExtraInfo: '' };
  return { Id: id, Name: name, FullName: name, Deleted: deleted, ...common, ChildItems: children };
}

/**
 * The MDO lists of people. Users stand below a heading for each of their groups (spec 3.5), so one may come twice; group
 * names come raw without a language header, as those of other lists; names of persons never do.
 */
export function peopleList(crm: Crm, name: string, hasLanguage: boolean): Json | undefined {
  const groups = Object.entries(groupNames).map(([id, text]) => ({
    ...{ id: Number(id), deleted: retiredGroups.includes(Number(id)) },
    name: hasLanguage ? text : `US:"${text}";NO:"${text}";`,
  }));
  if (name.toLowerCase() === 'usergroup') return groups.map((group, at) => item(group, at + 1, 'usergroup'));
  if (name.toLowerCase() !== 'associate') return undefined;
  const users = [...crm.people].map(([id, person]) => ({
    ...{ id, name: associateFullName(id), deleted: person.removed },
    groups: person.groups,
  }));
  return groups.map((group, at) =>
    item(
      { ...group, id: 0 },
      at + 1,
      'heading',
      users.filter((user) => user.groups.includes(group.id)).map((user, rank) => item(user, rank + 1, 'associate')),
    ),
  );
}
