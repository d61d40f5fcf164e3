export const BEFORE = '28e1879d029cb852e4844d9c718537df08844e03'
export const AFTER = 'bffeb74224043ba2feb48d137756c8a9331c449a'
export const HOST = 'https://git.example'
export const HTML = `${HOST}/team/functions`
export const REPOSITORY = `${HTML}.git`
export const SSH = 'git@git.example:team/functions.git'

/** What every git server says of a push, under the same names. */
export const PUSHED = { ref: 'refs/heads/main', before: BEFORE, after: AFTER }

export const MESSAGE = '问候更友好\n\nCloses #7.\n'
export const AT = '2026-03-13T13:52:11+08:00'
export const PERSON = { name: 'Li Wei', email: 'li.wei@git.example', username: 'liwei' }
export const FILES = { added: ['shared/text.js'], modified: ['hello/index.js'], removed: [] }
