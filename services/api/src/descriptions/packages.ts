import {
  aliasesSchema,
  aliasPutSchema,
  aliasSchema,
  deletedSchema,
  numberedPackageSchema,
  numbersQuery,
  packagesDiffQuery,
  packagesDiffSchema,
  pageOf,
} from '@packline/shared'
import { DIFF, NUMBERED } from '../examples/functions.ts'
import type { Description } from './description.ts'
import { PACKAGE_TYPES } from './shared-rows.ts'

const PACKAGES = '/v1/functions/{name}/packages'
const ALIASES = '/v1/functions/{name}/aliases'
const ALIAS = `${ALIASES}/{alias}`
const path = { name: 'hello' }
const one = { ...path, number: '2' }
const stable = { ...path, alias: 'stable' }
const STABLE = { alias: 'stable', number: 1 }

export const packagePaths: readonly Description[] = [
  [
    'get',
    PACKAGES,
    'Packages of a function with their numbers, newest first',
    {
      query: numbersQuery,
      answer: pageOf(numberedPackageSchema),
      fails: ['NOT_FOUND'],
      example: { path, answer: { items: [NUMBERED] } },
    },
  ],
  [
    'get',
    `${PACKAGES}/diff`,
    'What differs between the files of two packages',
    {
      query: packagesDiffQuery,
      answer: packagesDiffSchema,
      fails: ['NOT_FOUND', 'STORE_UNAVAILABLE'],
      example: { path, answer: DIFF },
    },
  ],
  [
    'get',
    `${PACKAGES}/{number}`,
    'One package of a function',
    {
      answer: numberedPackageSchema,
      fails: ['NOT_FOUND'],
      example: { path: one, answer: NUMBERED },
    },
  ],
  [
    'get',
    `${PACKAGES}/{number}/package`,
    'The package itself',
    {
      audited: 'downloads',
      types: PACKAGE_TYPES,
      etag: true,
      fails: ['NOT_FOUND', 'STORE_UNAVAILABLE'],
      example: { path: one },
    },
  ],
  [
    'get',
    ALIASES,
    'Aliases with the numbers that they point to',
    {
      answer: aliasesSchema,
      fails: ['NOT_FOUND'],
      example: { path, answer: { current: 2, stable: 1 } },
    },
  ],
  [
    'get',
    ALIAS,
    'The number that an alias points to',
    { answer: aliasSchema, fails: ['NOT_FOUND'], example: { path: stable, answer: STABLE } },
  ],
  [
    'put',
    ALIAS,
    'Point an alias to a package; `current` to an older one rolls back',
    {
      audited: 'functions',
      body: aliasPutSchema,
      answer: aliasSchema,
      fails: ['NOT_FOUND'],
      example: { path: stable, body: { number: 1 }, answer: STABLE },
    },
  ],
  [
    'delete',
    ALIAS,
    'Remove an alias',
    {
      audited: 'functions',
      answer: deletedSchema,
      fails: ['NOT_FOUND', 'CONFLICT'],
      example: { path: stable, answer: { deleted: 'stable' } },
    },
  ],
]
