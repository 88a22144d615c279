import { readRows } from './read-rows.ts';

/** A project for a company, in both systems of the demo. */
export interface Project {
  ref: string;
  /** `ref` of the company. */
  company: string;
  name: string;
  description: string;
}

export const projects: readonly Project[] = readRows('projects.csv', ['ref', 'company', 'name', 'description']);
