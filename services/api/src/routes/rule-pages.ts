import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Router } from 'express'
import { Marked, type Tokens } from 'marked'
import { otherMethods } from '../problem.ts'

const FOLDER = join(import.meta.dirname, '../../../../docs')
const PAGES = { rules: 'en', 'rules.zh': 'zh' } as const

const STYLE = `body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif }
code { background: #8882; padding: 0 .2em }
h3 { scroll-margin-top: 1rem } h3:target { background: #fd06 }
td, th { text-align: left; padding: .1rem .6rem; vertical-align: top }`

/** `/docs/rules` and `/docs/rules.zh`: what each rule asks for; findings link to its section. */
export function rulePageRoutes(): Router {
  const router = Router()
  for (const [name, language] of Object.entries(PAGES)) {
    let page: string | undefined
    router
      .route(`/${name}`)
      .get((_request, response) => {
        page ??= pageOf(readFileSync(join(FOLDER, `${name}.md`), 'utf8'), language)
        response.type('html').set('Cache-Control', 'public, max-age=3600').send(page)
      })
      .all(otherMethods)
  }
  return router
}

function pageOf(text: string, language: string): string {
  const markdown = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${text}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      // Of what the pages name only they themselves are served.
      link({ href, tokens }: Tokens.Link) {
        const inside = this.parser.parseInline(tokens)
        const name = href.replace(/\.md$/, '')
        if (Object.hasOwn(PAGES, name)) return `<a href="${name}">${inside}</a>`
        return /^https:/.test(href) ? `<a href="${href}">${inside}</a>` : inside
      },
    },
  })
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Packline: rules</title>
<style>${STYLE}</style>
</head>
<body>
${markdown.parse(text)}</body>
</html>
`
}
