import {
  acceptedSchema,
  buildEventSchema,
  buildRequestSchema,
  buildsQuery,
  buildViewSchema,
  deploymentQuery,
  deploymentSchema,
  logChunkSchema,
  logQuery,
  packageConfigurationSchema,
  pageOf,
  reportViewSchema,
} from '@packline/shared'
import * as z from 'zod'
import { ACCEPTED, BUILD, BUILD_ID, BUILD_REQUEST, RETRIED } from '../examples/builds.ts'
import { CONFIGURATION, DEPLOYMENT, REPORT, SBOM } from '../examples/documents.ts'
import { SOURCE_MAP } from '../examples/source-map.ts'
import type { Description } from './description.ts'
import { INTAKE_FAILS, PACKAGE_TYPES } from './shared-rows.ts'

const path = { id: BUILD_ID }
/** Of a build that has ended: its documents are read from the store once it is archived. */
const STORED = ['NOT_FOUND', 'STORE_UNAVAILABLE'] as const

export const buildPaths: readonly Description[] = [
  [
    'post',
    '/v1/builds',
    'Ask for a build',
    {
      body: buildRequestSchema,
      status: 202,
      answer: acceptedSchema,
      keyed: true,
      fails: INTAKE_FAILS,
      example: { body: BUILD_REQUEST, answer: ACCEPTED },
    },
  ],
  [
    'get',
    '/v1/builds',
    'List builds, newest first, without their requests',
    {
      query: buildsQuery,
      answer: pageOf(buildViewSchema),
      spoken: true,
      example: { answer: { items: [{ ...BUILD, request: undefined }], next: BUILD_ID } },
    },
  ],
  [
    'get',
    '/v1/builds/{id}',
    'One build',
    {
      answer: buildViewSchema,
      spoken: true,
      fails: ['NOT_FOUND'],
      example: { path, answer: BUILD },
    },
  ],
  [
    'get',
    '/v1/builds/{id}/events',
    'Its events from the first, then as they come',
    { events: buildEventSchema, spoken: true, fails: STORED, example: { path } },
  ],
  [
    'get',
    '/v1/builds/{id}/log',
    'What its tools printed',
    {
      types: ['text/plain'],
      events: logChunkSchema,
      query: logQuery,
      fails: STORED,
      example: { path, answer: 'npm install --omit=dev\nadded 3 packages in 1s\n' },
    },
  ],
  [
    'get',
    '/v1/builds/{id}/report',
    'Findings, verdict, tools and pins',
    { answer: reportViewSchema, spoken: true, fails: STORED, example: { path, answer: REPORT } },
  ],
  [
    'get',
    '/v1/builds/{id}/configuration',
    'What the platform is told beside the package',
    { answer: packageConfigurationSchema, fails: STORED, example: { path, answer: CONFIGURATION } },
  ],
  [
    'get',
    '/v1/builds/{id}/sbom',
    'What lies in the package, CycloneDX 1.6',
    {
      types: ['application/vnd.cyclonedx+json'],
      answer: z.looseObject({ bomFormat: z.literal('CycloneDX'), specVersion: z.literal('1.6') }),
      fails: STORED,
      example: { path, answer: SBOM },
    },
  ],
  [
    'get',
    '/v1/builds/{id}/source-map',
    "Its bundle's source map, where `build.sourceMap` asked for one",
    {
      audited: 'downloads',
      answer: z.looseObject({ version: z.literal(3) }),
      fails: STORED,
      example: { path, answer: SOURCE_MAP },
    },
  ],
  [
    'get',
    '/v1/builds/{id}/deployment',
    "Bodies for the platform's calls that create and change the function",
    {
      audited: 'downloads',
      query: deploymentQuery,
      answer: deploymentSchema,
      fails: STORED,
      example: { path, answer: DEPLOYMENT },
    },
  ],
  [
    'get',
    '/v1/builds/{id}/package',
    'The package',
    { audited: 'downloads', types: PACKAGE_TYPES, etag: true, fails: STORED, example: { path } },
  ],
  [
    'post',
    '/v1/builds/{id}/cancel',
    'Cancel it',
    {
      answer: buildViewSchema,
      fails: ['NOT_FOUND', 'CONFLICT'],
      example: {
        path,
        answer: { ...BUILD, state: 'cancelled', package: undefined, cancelReason: 'asked for' },
      },
    },
  ],
  [
    'post',
    '/v1/builds/{id}/retry',
    'Ask for the same again',
    {
      status: 202,
      answer: acceptedSchema,
      keyed: true,
      fails: [...STORED, 'CONFLICT', 'DEPENDENCY_PACKAGE_NOT_FOUND', 'SECRETS_LOCKED'],
      example: { path, answer: RETRIED },
    },
  ],
]
