import {
  acceptedSchema,
  dependencyRequestSchema,
  dependencyRevisionSchema,
  dependencyViewSchema,
  droppedSchema,
  type FailureCode,
  namesQuery,
  numbersQuery,
  pageOf,
  usedRevisionSchema,
} from '@packline/shared'
import { ACCEPTED } from '../examples/builds.ts'
import { DEPENDENCY_REQUEST, REVISION } from '../examples/dependencies.ts'
import type { Description } from './description.ts'
import { INTAKE_FAILS, PACKAGE_TYPES } from './shared-rows.ts'

/** It has no handler, no draft and no callback, and attaches no dependency packages itself. */
const OF_FUNCTIONS: readonly FailureCode[] = [
  'HANDLER_FORM',
  'PRECONDITION_FAILED',
  'SOURCE_NOT_ALLOWED',
  'DEPENDENCY_PACKAGE_NOT_FOUND',
]

const path = { name: REVISION.name }
const one = { ...path, revision: String(REVISION.revision) }

export const dependencyPaths: readonly Description[] = [
  [
    'post',
    '/v1/dependencies',
    'Ask for a dependency package',
    {
      body: dependencyRequestSchema,
      status: 202,
      answer: acceptedSchema,
      keyed: true,
      fails: INTAKE_FAILS.filter((code) => !OF_FUNCTIONS.includes(code)),
      example: { body: DEPENDENCY_REQUEST, answer: ACCEPTED },
    },
  ],
  [
    'get',
    '/v1/dependencies',
    'List dependency packages by name',
    {
      query: namesQuery,
      answer: pageOf(dependencyViewSchema),
      example: { answer: { items: [{ name: REVISION.name, revisions: 2, newest: REVISION }] } },
    },
  ],
  [
    'get',
    '/v1/dependencies/{name}',
    'One with its newest revision',
    {
      answer: dependencyViewSchema,
      fails: ['NOT_FOUND'],
      example: { path, answer: { name: REVISION.name, revisions: 2, newest: REVISION } },
    },
  ],
  [
    'delete',
    '/v1/dependencies/{name}',
    'Delete it, where nobody uses it',
    {
      audited: 'dependencies',
      answer: droppedSchema,
      fails: ['NOT_FOUND', 'CONFLICT'],
      example: { path, answer: { dropped: 2 } },
    },
  ],
  [
    'get',
    '/v1/dependencies/{name}/revisions',
    'Its revisions, newest first',
    {
      query: numbersQuery,
      answer: pageOf(dependencyRevisionSchema),
      fails: ['NOT_FOUND'],
      example: { path, answer: { items: [REVISION] } },
    },
  ],
  [
    'get',
    '/v1/dependencies/{name}/revisions/{revision}',
    'One revision, and who uses it',
    {
      answer: usedRevisionSchema,
      fails: ['NOT_FOUND'],
      example: {
        path: one,
        answer: { ...REVISION, usedBy: { count: 1, functions: ['hello'], builds: [] } },
      },
    },
  ],
  [
    'delete',
    '/v1/dependencies/{name}/revisions/{revision}',
    'Delete it, where nobody uses it',
    {
      audited: 'dependencies',
      answer: droppedSchema,
      fails: ['NOT_FOUND', 'CONFLICT'],
      example: { path: one, answer: { dropped: 1 } },
    },
  ],
  [
    'get',
    '/v1/dependencies/{name}/revisions/{revision}/package',
    'The package',
    {
      audited: 'downloads',
      types: PACKAGE_TYPES,
      etag: true,
      fails: ['NOT_FOUND', 'STORE_UNAVAILABLE'],
      example: { path: one },
    },
  ],
]
