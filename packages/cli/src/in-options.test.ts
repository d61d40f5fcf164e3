import { expect, test } from 'vitest'
import { inOptions } from './in-options.ts'

test.each([
  ['Find it, or raise build.timeoutSeconds.', 'Find it, or raise --timeout.'],
  [
    'Where it needs a network, set build.load to false.',
    'Where it needs a network, say --no-load.',
  ],
  ['Zip the content, or set build.unwrap to true.', 'Zip the content, or say --unwrap.'],
  ['Set build.bundle to true, or hand in JavaScript.', 'Say --bundle, or hand in JavaScript.'],
  ['It stays as it is: leave build.bundle out.', 'It stays as it is: leave --bundle out.'],
  ['It is run where build.installScripts is true.', 'It is run where --install-scripts is said.'],
  ['When it is compiled, set source.as to "package".', 'When it is compiled, say --as package.'],
  [
    'Set entryNameEncoding to gb18030 (of the upload and of build) for a ZIP of Chinese Windows.',
    'Say --entry-name-encoding gb18030 for a ZIP of Chinese Windows.',
  ],
  [
    'Leave build.mode out: HTTP functions have none.',
    'Leave --mode out: HTTP functions have none.',
  ],
  ['build.module is "app"', '--module is "app"'],
  ['Leave it out with build.exclude.', 'Leave it out with --exclude.'],
  ['Leave version out for python 3.10.', 'Leave --runtime-version out for python 3.10.'],
  ['packline pack packs a folder.', 'packline pack packs a folder.'],
  ['npm install writes one.', 'npm install writes one.'],
])('"%s" is said as "%s"', (hint, said) => {
  expect(inOptions(hint)).toBe(said)
})
