import * as boundaries from './boundaries.ts'
import * as reach from './reach.ts'
import * as shape from './shape.ts'
import type { Rule } from './source.ts'
import * as tables from './tables.ts'
import * as words from './words.ts'

/** Every rule of the house: whatever a rules file exports that looks like one. */
export const rules: Rule[] = [boundaries, reach, tables, shape, words]
  .flatMap((file) => Object.values(file))
  .filter((value): value is Rule => typeof value === 'object' && value !== null && 'find' in value && 'name' in value)
