import type { HelmetOptions } from 'helmet'

/**
 * Our pages are whole: their scripts, fonts and calls are all our own. Styles in attributes are
 * what the page of the API and the board of the queues are drawn with. Whoever puts TLS in front
 * of us may demand it; we may be reached over plain http, too.
 */
export const SECURITY: HelmetOptions = {
  contentSecurityPolicy: {
    directives: {
      fontSrc: ["'self'", 'data:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      upgradeInsecureRequests: null,
    },
  },
}
