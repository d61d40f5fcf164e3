import { LANGUAGES, type Language } from '@packline/shared'
import type { Request, Response } from 'express'

const TAGS: Record<Language, string> = { en: 'en', zh: 'zh-CN' }

/**
 * The language of an answer by Accept-Language (RFC 9110 12.5.4), English where the caller takes
 * neither; the answer says which it is, and that it depends on what was asked for.
 */
export function answerLanguage(
  request: Pick<Request, 'acceptsLanguages'>,
  response: Response,
): Language {
  const accepted = request.acceptsLanguages([...LANGUAGES])
  const language = LANGUAGES.find((one) => one === accepted) ?? 'en'
  response.set('Content-Language', TAGS[language])
  response.vary('Accept-Language')
  return language
}
