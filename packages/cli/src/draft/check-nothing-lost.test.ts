import { expect, test } from 'vitest'
import { checkNothingLost } from './check-nothing-lost.ts'

const draft = { version: 7 }
const push = { name: 'hello', given: './hello', draft, pulled: { version: 5 } }
const none = { here: [], there: [], both: [] }

test.each([
  ['of a folder that has all of it', push, { ...none, here: ['mine.js'] }],
  ['of a folder that was never pulled, into nothing', { ...push, pulled: undefined }, none],
  ['over the version that is there', { ...push, over: 7 }, { ...none, both: ['a.js'] }],
])('a push %s loses nothing', (_, asked, differs) => {
  expect(() => checkNothingLost(asked, differs)).not.toThrow()
})

test.each([
  [
    'was changed there',
    push,
    { ...none, here: ['mine.js'], there: ['theirs.js'] },
    /has version 7; \.\/hello was made on version 5\n.*only in the draft: theirs\.js\n.*here: mine/,
    'packline functions pull hello ./hello brings it here',
  ],
  [
    'was changed on both sides',
    push,
    { ...none, both: ['a.js'] },
    /\nchanged in both: a\.js$/,
    'put both together here; then say packline functions push hello ./hello --over 7.',
  ],
  [
    'was never seen',
    { ...push, pulled: undefined },
    { ...none, there: Array.from({ length: 30 }, (_, at) => `f${at}`) },
    /was not pulled from it\n.*f19 and 10 more$/,
    '--over 7 takes it away.',
  ],
  ['was seen in another version', { ...push, over: 6 }, none, /was made on version 6$/, '--over 7'],
])('what %s is named, with how to go on', (_, asked, differs, message, hint) => {
  expect(() => checkNothingLost(asked, differs)).toThrow(
    expect.objectContaining({
      code: 'PRECONDITION_FAILED',
      message: expect.stringMatching(message),
      hint: expect.stringContaining(hint),
    }),
  )
})
