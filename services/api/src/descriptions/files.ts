import {
  draftChangeSchema,
  draftFileQuery,
  draftImportSchema,
  draftMoveSchema,
  draftSaveSchema,
  draftViewSchema,
} from '@packline/shared'
import { CHANGE, DRAFT, ENTRY } from '../examples/drafts.ts'
import type { Description } from './description.ts'

const FILES = '/v1/functions/{name}/files'
const FILE = `${FILES}/{path}`
const path = { name: 'hello' }
const file = { ...path, path: ENTRY.path }
const change = { answer: draftChangeSchema, conditional: true } as const
const CHANGED = ['NOT_FOUND', 'PRECONDITION_FAILED', 'PRECONDITION_REQUIRED'] as const
const EDITED = [...CHANGED, 'CONFLICT', 'EDIT_REFUSED'] as const
const WRITTEN = ['UNPACKED_TOO_LARGE', 'STORE_UNAVAILABLE'] as const
const GATE = ['FORMAT', 'ARCHIVE_REFUSED', 'ARCHIVE_DAMAGED', 'UPLOAD_NOT_FOUND'] as const

export const filePaths: readonly Description[] = [
  [
    'get',
    FILES,
    'All online files',
    {
      answer: draftViewSchema,
      spoken: true,
      fails: ['NOT_FOUND', 'STORE_UNAVAILABLE'],
      example: { path, answer: DRAFT },
    },
  ],
  [
    'put',
    FILES,
    'Save many files at once, all or nothing',
    {
      audited: 'functions',
      body: draftSaveSchema,
      answer: draftChangeSchema,
      // The version that it was made on is in the body.
      fails: [...EDITED.filter((code) => code !== 'PRECONDITION_REQUIRED'), ...WRITTEN],
      example: {
        path,
        body: { version: 3, files: { 'index.js': 'exports.handler = async () => 1\n' } },
        answer: CHANGE,
      },
    },
  ],
  [
    'delete',
    FILES,
    'Delete all online files',
    { audited: 'functions', ...change, fails: CHANGED, example: { path, answer: CHANGE } },
  ],
  [
    'post',
    `${FILES}/move`,
    'Rename or move a file or folder',
    {
      audited: 'functions',
      ...change,
      body: draftMoveSchema,
      fails: EDITED,
      example: { path, body: { from: 'index.js', to: 'src/index.js' }, answer: CHANGE },
    },
  ],
  [
    'post',
    `${FILES}/import`,
    'Unpack an uploaded ZIP in place of all files',
    {
      audited: 'functions',
      ...change,
      body: draftImportSchema,
      fails: [...EDITED, ...WRITTEN, ...GATE, 'DISK_FULL'],
      example: { path, body: { upload: 'f'.repeat(64) }, answer: CHANGE },
    },
  ],
  [
    'get',
    FILE,
    'The content of a file',
    {
      types: ['application/octet-stream', 'text/plain'],
      etag: true,
      fails: ['NOT_FOUND', 'CONFLICT', 'STORE_UNAVAILABLE'],
      example: { path: file },
    },
  ],
  [
    'put',
    FILE,
    'Write a file, or make a folder',
    {
      audited: 'functions',
      ...change,
      query: draftFileQuery,
      bytes: true,
      created: true,
      fails: [...EDITED, ...WRITTEN],
      example: { path: file, answer: { ...CHANGE, entry: ENTRY } },
    },
  ],
  [
    'delete',
    FILE,
    'Delete a file, or a folder with all in it',
    { audited: 'functions', ...change, fails: EDITED, example: { path: file, answer: CHANGE } },
  ],
]
