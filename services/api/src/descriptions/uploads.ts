import { uploadedSchema, uploadQuery } from '@packline/shared'
import { UPLOADED } from '../examples/documents.ts'
import type { Description } from './description.ts'

export const uploadPaths: readonly Description[] = [
  [
    'post',
    '/v1/uploads',
    'Upload a ZIP or JAR',
    {
      note:
        'Code must not carry passwords or keys in clear text: encrypt them into environment ' +
        'variables of the function. What is found is warned about, or refused where a request says ' +
        '`secrets: "refuse"`.',
      upload: true,
      keyed: true,
      query: uploadQuery,
      status: 201,
      answer: uploadedSchema,
      fails: [
        'UPLOAD_TOO_LARGE',
        'FORMAT',
        'ARCHIVE_DAMAGED',
        'ARCHIVE_REFUSED',
        'UNPACKED_TOO_LARGE',
        'STORE_UNAVAILABLE',
        'DISK_FULL',
      ],
      example: { answer: UPLOADED },
    },
  ],
]
