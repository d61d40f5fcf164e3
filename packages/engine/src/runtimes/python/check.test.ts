import { expect, test } from 'vitest'
import { orderOf, subjectOf } from '../../../../../test/harness/subject.ts'
import { check } from './check.ts'

async function said(text: string, request: { initializer?: string } = {}) {
  const order = await orderOf({ runtime: 'python', handler: 'index.handler', ...request })
  return check(await subjectOf(order, { 'index.py': text, 'app.py': '' }))
}

test.each([
  'def handler(event, context):\n    return 1\n',
  'async def handler(event, context): ...\n',
  'class handler: pass\n',
  'handler = make()\n',
  'handler: Callable = make()\n',
  'ready, handler = make()\n',
  'from app import handler\n',
  'from app import main as handler\n',
  'from app import (\n    ready,\n    handler,\n)\n',
  'if True:\n    def handler(event, context): ...\n',
  'from app import *\n',
  'globals()["hand" + "ler"] = print\n',
])('finds the handler in %j', async (text) => {
  expect(await said(text)).toEqual([])
})

test('names what the file has when the handler is not there', async () => {
  expect(await said('def main(event, context):\n    return handler\n')).toMatchObject([
    {
      rule: 'handler-exists',
      level: 'error',
      message: 'index.py has no function "handler"; it defines main',
      hint: 'Add `def handler(event, context):`, or name another function.',
      path: 'index.py',
    },
  ])
})

test('a longer name or an attribute is not the handler', async () => {
  expect(await said('def my_handler(): ...\n')).toHaveLength(1)
  expect(await said('logging.handler = None\n')).toHaveLength(1)
})

test('the initializer must be there too', async () => {
  const text = 'def handler(event, context): ...\n'
  expect(await said(text, { initializer: 'index.prepare' })).toMatchObject([
    {
      rule: 'initializer',
      message: 'index.py has no function "prepare"; it defines handler',
      hint: 'Add `def prepare(context):`, or name another function.',
      zh: { hint: '加上 `def prepare(context):`，或在初始化函数中写另一个函数。' },
    },
  ])
  expect(
    await said(`${text}def prepare(context): ...\n`, { initializer: 'index.prepare' }),
  ).toEqual([])
})

test('an entry file that is missing is told by another rule', async () => {
  const order = await orderOf({ runtime: 'python', handler: 'index.handler' })
  expect(await check(await subjectOf(order, { 'main.py': '' }))).toEqual([])
})
