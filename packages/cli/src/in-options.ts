const SUBMIT = 'packline submit FILE'

type Words = readonly (readonly [RegExp, string])[]

/** What a request says by its fields, as a manifest does, and the command line by its options. */
const FIELDS: Words = [
  [/\bset build\.load to false\b/gi, 'say --no-load'],
  [/\bset build\.unwrap to true\b/gi, 'say --unwrap'],
  [/\bset build\.bundle to true\b/gi, 'say --bundle'],
  [/把 build\.bundle 设为 true/g, '加上 --bundle'],
  [/\bbuild\.bundle\b/g, '--bundle'],
  [/\bset build\.installScripts to true\b/gi, 'say --install-scripts'],
  [/把 build\.installScripts 设为 true/g, '加上 --install-scripts'],
  [/\bbuild\.installScripts is true\b/g, '--install-scripts is said'],
  [/把 build\.load 设为 false/g, '加上 --no-load'],
  [/把 build\.unwrap 设为 true/g, '加上 --unwrap'],
  [/把 source\.as 设为 "(\w+)"/g, '加上 --as $1'],
  [/\bset source\.as to "(\w+)"/gi, 'say --as $1'],
  [/\bset entryNameEncoding to (\w+)(?: \([^)]*\))?/gi, 'say --entry-name-encoding $1'],
  [/\bbuild\.timeoutSeconds\b/g, '--timeout'],
  [/\bbuild\.split\b/g, '--split'],
  [/\bbuild\.mode\b/g, '--mode'],
  [/\bbuild\.module\b/g, '--module'],
  [/\bbuild\.(exclude|include)\b/g, '--$1'],
  [/\bleave version out\b/gi, 'leave --runtime-version out'],
]

/** What is asked for by calls over HTTP, and here by commands. */
const CALLS: Words = [
  [/\bsend the header "Authorization: Bearer KEY"/gi, 'log in with packline login URL'],
  [/\bsend "Authorization: Bearer KEY"/gi, 'log in with packline login URL'],
  [
    /\bPUT \/v1\/functions\/([\w.-]+)\/aliases\/current\b/g,
    'packline functions alias $1 current NUMBER',
  ],
  [
    /\bDELETE \/v1\/functions\/([\w.-]+)\/aliases\/ALIAS\b/g,
    'packline functions alias $1 ALIAS --remove',
  ],
  [/\bDELETE \/v1\/functions\/([\w.-]+)\/files\b/g, 'packline functions files rm $1 --all'],
  [/\bPUT \/v1\/functions\/([\w.-]+)\/files\b/g, 'packline functions push $1 FOLDER'],
  [/\bGET \/v1\/functions\/([\w.-]+)\/files\b/g, 'packline functions files ls $1'],
  [/\bGET \/v1\/functions\/([\w.-]+)\/packages\b/g, 'packline functions packages $1'],
  [/\bPUT \/v1\/functions\/([\w.-]+)/g, 'packline functions put $1'],
  [/\bGET \/v1\/functions\b/g, 'packline functions list'],
  [/\bPOST \/v1\/functions\/([\w.-]+)\/builds\b/g, 'packline functions build $1'],
  [/\bPOST \/v1\/builds\/ID\/cancel and \/retry\b/g, 'packline cancel ID and packline retry ID'],
  [/\bPOST \/v1\/builds\/(\w+)\/retry\b/g, 'packline retry $1'],
  [/\bPOST \/v1\/builds\/(\w+)\/cancel\b/g, 'packline cancel $1'],
  [/\bGET \/v1\/builds\/(\w+)(?![\w/])/g, 'packline status $1'],
  [/\bPOST \/v1\/batches\b/g, 'packline batch'],
  [
    /\bFollow \/v1\/batches\/\w+\/events; GET \/v1\/batches\/(\w+)\/manifest\b/g,
    'ask packline status $1, which',
  ],
  [/\bGET \/v1\/hooks\/(\w+)\/deliveries\b/g, 'packline hooks show $1'],
  [/\bGET \/v1\/hooks\b/g, 'packline hooks list'],
  [/\bGET \/v1\/keys\b/g, 'packline keys list'],
  [/\bPOST \/v1\/keys\b/g, 'packline keys create NAME'],
  [/\bPOST \/v1\/uploads(?: and (?:use the id it answers|send their ids))?/g, SUBMIT],
  [/\bGET \/v1\/templates\/(\w+)\/package\b/g, 'packline init --runtime $1'],
]

/** A hint in the words of the command line. */
export function inOptions(hint: string): string {
  return inCommands(inWordsOf(FIELDS, hint))
}

/** A hint about a function of a manifest, whose fields are those of a request. */
export function inCommands(hint: string): string {
  return inWordsOf(CALLS, hint)
}

function inWordsOf(words: Words, hint: string): string {
  return words.reduce((text, [found, ours]) => text.replace(found, inCaseOf(ours)), hint)
}

/** A sentence goes on beginning with a capital letter; GET and its like are none. */
function inCaseOf(option: string): (found: string, ...groups: unknown[]) => string {
  return (found, value) => {
    const text = typeof value === 'string' ? option.replace('$1', value) : option
    return /^[A-Z][a-z]/.test(found) ? text.charAt(0).toUpperCase() + text.slice(1) : text
  }
}
