import {
  acceptedSchema,
  deletedSchema,
  functionBuildSchema,
  functionPutSchema,
  functionViewSchema,
  namesQuery,
  pageOf,
  TEMPLATES,
  templateQuery,
  templateSchema,
} from '@packline/shared'
import * as z from 'zod'
import { ACCEPTED } from '../examples/builds.ts'
import { FUNCTION, FUNCTION_PUT } from '../examples/functions.ts'
import type { Description } from './description.ts'
import { INTAKE_FAILS } from './shared-rows.ts'

const FUNCTIONS = '/v1/functions/{name}'
const path = { name: FUNCTION.name }

export const functionPaths: readonly Description[] = [
  [
    'get',
    '/v1/functions',
    'List functions by name',
    {
      query: namesQuery,
      answer: pageOf(functionViewSchema),
      example: { answer: { items: [FUNCTION] } },
    },
  ],
  [
    'get',
    FUNCTIONS,
    'One function',
    {
      answer: functionViewSchema,
      fails: ['NOT_FOUND'],
      example: { path, answer: FUNCTION },
    },
  ],
  [
    'put',
    FUNCTIONS,
    'Register a function, or change its settings',
    {
      audited: 'functions',
      body: functionPutSchema,
      answer: functionViewSchema,
      created: true,
      fails: [
        'UNKNOWN_RUNTIME',
        'UNKNOWN_VERSION',
        'HANDLER_FORM',
        'CONFLICT',
        'EDIT_REFUSED',
        'STORE_UNAVAILABLE',
      ],
      example: { path, body: FUNCTION_PUT, answer: FUNCTION },
    },
  ],
  [
    'delete',
    FUNCTIONS,
    'Delete a function with its online files',
    {
      audited: 'functions',
      answer: deletedSchema,
      fails: ['NOT_FOUND', 'CONFLICT'],
      example: { path, answer: { deleted: FUNCTION.name } },
    },
  ],
  [
    'post',
    `${FUNCTIONS}/builds`,
    'Build the draft, or another source, with the settings of the function',
    {
      body: functionBuildSchema,
      status: 202,
      answer: acceptedSchema,
      keyed: true,
      fails: ['NOT_FOUND', ...INTAKE_FAILS],
      example: { path, body: { labels: { team: 'blue' } }, answer: ACCEPTED },
    },
  ],
  [
    'get',
    '/v1/templates',
    'First files per runtime',
    {
      answer: z.object({ items: z.array(templateSchema) }),
      example: { answer: { items: TEMPLATES.slice(0, 1) } },
    },
  ],
  [
    'get',
    '/v1/templates/{runtime}/package',
    'The first files of a runtime as a ZIP',
    {
      query: templateQuery,
      types: ['application/zip'],
      fails: ['NOT_FOUND', 'UNKNOWN_RUNTIME'],
      example: { path: { runtime: 'java' } },
    },
  ],
]
