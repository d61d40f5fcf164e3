import type { BuildRequestInput } from '@packline/shared'

/**
 * One-file functions as a platform has hundreds of: the same shape, each with its own bytes.
 * `load`: whether the finished packages are loaded.
 */
export function oneFileFunctions(count: number, load = false): BuildRequestInput[] {
  return Array.from({ length: count }, (_, index) => ({
    function: `bench-${index}`,
    runtime: 'nodejs' as const,
    handler: 'index.handler',
    source: { kind: 'inline' as const, files: { 'index.js': codeOf(index) } },
    build: { load },
  }))
}

function codeOf(index: number): string {
  return [
    `// function ${index}`,
    `const started = new Date('2026-01-01T00:00:00Z')`,
    'exports.handler = async (event, context) => {',
    `  const who = event.queryStringParameters?.name ?? 'number ${index}'`,
    '  const seconds = Math.round((Date.now() - started) / 1000)',
    '  return {',
    '    statusCode: 200,',
    `    headers: { 'Content-Type': 'application/json' },`,
    '    body: JSON.stringify({ hello: who, seconds, request: context?.requestId }),',
    '  }',
    '}',
    '',
  ].join('\n')
}
