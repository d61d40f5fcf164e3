import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { lintElsewhere } from './tidy/lint-elsewhere.ts'
import { countCommentLines, countExports, functionLengths, importsOf } from './tidy/measure.ts'
import { isSource, isTest, ROOT, readTree } from './tidy/source-files.ts'

const tree = readTree()
const sources = tree.filter(({ place }) => isSource(place))
const tests = tree.filter(({ place }) => isTest(place))
const code = [...sources, ...tests]

const FILE_LINES_MAX = 300
const FUNCTION_LINES_MAX = 70
const COLUMNS_MAX = 100
const VALUES_MAX = 5
const EXPORTS_MAX = 8
/** Tables of words that many import one by one, and doors of packages. */
const MORE_EXPORTS = /\/index\.ts$|^packages\/shared\/src\//
const COMMENT_SHARE_MIN = 0.08
/** Test lines to source lines. */
const TEST_SHARE_MIN = 1
