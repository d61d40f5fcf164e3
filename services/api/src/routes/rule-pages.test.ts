import { RULE_IDS, rulePage } from '@packline/shared'
import express from 'express'
import helmet from 'helmet'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerProblem } from '../problem.ts'
import { SECURITY } from '../security-headers.ts'
import { serve, type TestServer } from '../test/serve.ts'
import { rulePageRoutes } from './rule-pages.ts'

let server: TestServer
beforeAll(async () => {
  const app = express()
  app.use(helmet(SECURITY))
  app.use('/docs', rulePageRoutes())
  app.use(answerProblem(pino({ level: 'silent' })))
  server = await serve(app)
})
afterAll(() => server.close())

const pageAt = async (path: string) => (await fetch(new URL(path, server.url))).text()

test.each(['en', 'zh'] as const)(
  'every finding in %s links to a section that is there',
  async (language) => {
    const page = await pageAt(rulePage('links', language))
    for (const rule of RULE_IDS) {
      const link = new URL(rulePage(rule, language), server.url)
      expect(page).toContain(`<h3 id="${link.hash.slice(1)}">`)
    }
  },
)

test('what a page links to is there', async () => {
  for (const path of ['/docs/rules', '/docs/rules.zh']) {
    const links = [...(await pageAt(path)).matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href)
    expect(links.length).toBeGreaterThan(0)
    for (const href of links.filter((one) => !one.startsWith('https:'))) {
      const answer = await fetch(new URL(href, `${server.url}${path}`))
      expect([href, answer.status]).toEqual([href, 200])
    }
  }
})

test('the pages are only read', async () => {
  expect((await fetch(`${server.url}/docs/rules`, { method: 'POST' })).status).toBe(405)
})
