import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Router } from 'express'
import { otherMethods } from '../problem.ts'

const FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

/** A page shows what is asked of this service alone: nothing of it comes from elsewhere. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Packline: the API</title>
<link rel="stylesheet" href="swagger-ui.css">
<link rel="icon" type="image/png" href="favicon-32x32.png">
</head>
<body>
<div id="page"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`

/** Without `validatorUrl` the description would be sent to a server that judges it. */
const START = `SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#page',
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
})
`

/** `/docs/`: the description as a page to try the API with; whole without the internet. */
export function docsRoutes(): Router {
  const router = Router()
  router
    .route('/')
    .get((request, response) => {
      // What the page names lies beside it, whatever a proxy calls this folder.
      if (request.originalUrl.split('?')[0]?.endsWith('/')) response.type('html').send(PAGE)
      else response.redirect(308, 'docs/')
    })
    .all(otherMethods)
  router
    .route('/start.js')
    .get((_request, response) => {
      response.type('js').send(START)
    })
    .all(otherMethods)
  for (const name of ASSETS) {
    let bytes: Buffer | undefined
    router
      .route(`/${name}`)
      .get((_request, response) => {
        bytes ??= readFileSync(join(FOLDER, name))
        response.type(name).set('Cache-Control', 'public, max-age=3600').send(bytes)
      })
      .all(otherMethods)
  }
  return router
}
