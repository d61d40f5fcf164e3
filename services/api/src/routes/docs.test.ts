import express from 'express'
import helmet from 'helmet'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerProblem } from '../problem.ts'
import { SECURITY } from '../security-headers.ts'
import { serve, type TestServer } from '../test/serve.ts'
import { docsRoutes } from './docs.ts'

let server: TestServer
beforeAll(async () => {
  const app = express()
  app.use(helmet(SECURITY))
  app.use('/docs', docsRoutes())
  app.use(answerProblem(pino({ level: 'silent' })))
  server = await serve(app)
})
afterAll(() => server.close())

test('the page and all that it names are served from beside it', async () => {
  const page = await fetch(`${server.url}/docs`)
  expect(page.url).toBe(`${server.url}/docs/`)
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  const html = await page.text()
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name = '']) => name)
  expect(named).toHaveLength(4)
  for (const name of named) {
    expect(name).toMatch(/^[\w.-]+$/)
    const asset = await fetch(new URL(name, page.url))
    const type = name.endsWith('.css')
      ? 'text/css'
      : name.endsWith('.js')
        ? 'javascript'
        : 'image/png'
    expect([name, asset.status, asset.headers.get('content-type')]).toEqual([
      name,
      200,
      expect.stringContaining(type),
    ])
    expect((await asset.bytes()).length).toBeGreaterThan(100)
  }
})

test('a browser is told to run no script of the page itself, and to ask nobody else', async () => {
  const page = await fetch(`${server.url}/docs/`)
  const policy = page.headers.get('content-security-policy') ?? ''
  const rules = new Map(
    policy.split(';').map((rule): [string, string] => {
      const [name = '', ...sources] = rule.trim().split(' ')
      return [name, sources.join(' ')]
    }),
  )
  expect(rules.get('default-src')).toBe("'self'")
  expect(rules.get('script-src')).toBe("'self'")
  expect(rules.get('connect-src') ?? rules.get('default-src')).toBe("'self'")
  expect(rules.get('style-src')).toBe("'self' 'unsafe-inline'")
  expect(rules.get('font-src')).toBe("'self' data:")
  expect(rules.get('img-src')).toBe("'self' data:")
  const html = await page.text()
  expect(html).not.toMatch(/<script(?![^>]* src=)|\son\w+=|https?:/)
})

test('the styles fetch nothing, and no judge elsewhere is asked about the description', async () => {
  const css = await (await fetch(`${server.url}/docs/swagger-ui.css`)).text()
  const places = [...css.matchAll(/url\(["']?([^)"']+)/g)].map(([, place = '']) => place)
  expect(places.filter((place) => !place.startsWith('data:'))).toEqual([])
  const start = await (await fetch(`${server.url}/docs/start.js`)).text()
  expect(start).toContain('validatorUrl: null')
  expect(start).toContain("url: '../openapi.json'")
  expect(start).not.toMatch(/https?:/)
})

test('another method is refused, and nothing else of the package is there', async () => {
  expect((await fetch(`${server.url}/docs/`, { method: 'POST' })).status).toBe(405)
  for (const name of ['index.html', 'package.json', '..%2fpackage.json', 'swagger-ui.js']) {
    expect([name, (await fetch(`${server.url}/docs/${name}`)).status]).toEqual([name, 404])
  }
})
