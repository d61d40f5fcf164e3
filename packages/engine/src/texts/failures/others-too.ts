import type { Words } from '@packline/shared'

/** Behind the first mistake that a tool names; nothing where it is the only one. */
export function othersToo(count: number): Words {
  if (count <= 0) return { en: '', zh: '' }
  return { en: ` (and ${count} more)`, zh: `（另有 ${count} 处）` }
}

/** With the place that asks for it, such as " (package.json:7)", or ''. */
export function behind({ en, zh }: Words, place: string): Words {
  return { en: `${en}${place}`, zh: `${zh}${place}` }
}
