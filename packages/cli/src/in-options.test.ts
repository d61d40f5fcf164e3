import { expect, test } from 'vitest'
import { inCommands, inOptions } from './in-options.ts'

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
  ['如果加载时需要网络，把 build.load 设为 false。', '如果加载时需要网络，加上 --no-load。'],
  ['或把 build.unwrap 设为 true。', '或加上 --unwrap。'],
  ['把 source.as 设为 "source"。', '加上 --as source。'],
  [
    'Send the header "Authorization: Bearer KEY"; npm start prints a key.',
    'Log in with packline login URL; npm start prints a key.',
  ],
  [
    'Register it with PUT /v1/functions/NAME; GET /v1/functions lists those that are.',
    'Register it with packline functions put NAME; packline functions list lists those that are.',
  ],
  [
    'GET /v1/functions/a.b-c/packages lists its packages with their aliases.',
    'packline functions packages a.b-c lists its packages with their aliases.',
  ],
  [
    'GET /v1/functions/NAME/files lists what it has.',
    'packline functions files ls NAME lists what it has.',
  ],
  [
    'Give the function files, with PUT /v1/functions/NAME/files, or name another source.',
    'Give the function files, with packline functions push NAME FOLDER, or name another source.',
  ],
  [
    'Delete its files first with DELETE /v1/functions/hello/files.',
    'Delete its files first with packline functions files rm hello --all.',
  ],
  [
    'Remove these aliases first, with DELETE /v1/functions/hello/aliases/ALIAS.',
    'Remove these aliases first, with packline functions alias hello ALIAS --remove.',
  ],
  [
    'Point it to another one with PUT /v1/functions/hello/aliases/current.',
    'Point it to another one with packline functions alias hello current NUMBER.',
  ],
  [
    'GET /v1/templates/java/package has first files to work on elsewhere.',
    'packline init --runtime java has first files to work on elsewhere.',
  ],
  [
    'Retry what ended otherwise one by one with POST /v1/builds/ID/retry.',
    'Retry what ended otherwise one by one with packline retry ID.',
  ],
  ['Cancel it first with POST /v1/builds/b01/cancel.', 'Cancel it first with packline cancel b01.'],
  [
    'Cancel and retry builds with POST /v1/builds/ID/cancel and /retry.',
    'Cancel and retry builds with packline cancel ID and packline retry ID.',
  ],
  ['GET /v1/builds/b01 says how it ended.', 'packline status b01 says how it ended.'],
  [
    'Follow /v1/batches/batch01/events; GET /v1/batches/batch01/manifest says how all stand.',
    'Ask packline status batch01, which says how all stand.',
  ],
  ['Ask for the batch anew with POST /v1/batches.', 'Ask for the batch anew with packline batch.'],
  [
    'Delete those that nobody uses: GET /v1/hooks lists them.',
    'Delete those that nobody uses: packline hooks list lists them.',
  ],
  [
    'The last 100 are kept: GET /v1/hooks/h01/deliveries.',
    'The last 100 are kept: packline hooks show h01.',
  ],
  [
    'Upload the archive with POST /v1/uploads and use the id it answers.',
    'Upload the archive with packline submit FILE.',
  ],
  [
    'Upload a ZIP with POST /v1/uploads instead.',
    'Upload a ZIP with packline submit FILE instead.',
  ],
  [
    'Build the draft as it is now, with POST /v1/functions/NAME/builds.',
    'Build the draft as it is now, with packline functions build NAME.',
  ],
  ['packline pack packs a folder.', 'packline pack packs a folder.'],
  ['npm install writes one.', 'npm install writes one.'],
])('"%s" is said as "%s"', (hint, said) => {
  expect(inOptions(hint)).toBe(said)
})

test('about a function of a manifest fields keep their names, and calls are commands', () => {
  const hint = 'Leave version out, or set build.load to false; GET /v1/hooks has the rest.'
  const told = 'Leave version out, or set build.load to false; packline hooks list has the rest.'
  expect(inCommands(hint)).toBe(told)
})
