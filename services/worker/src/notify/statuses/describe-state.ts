import type { Standing } from '@packline/records'
import { buildInLanguage, type Language, type VerdictReason } from '@packline/shared'
import type { CommitState } from './provider.ts'

/** GitHub takes no longer description; the others show no more of it. */
const DESCRIPTION_CHARACTERS_MAX = 140

/** How a build stands, or a push, for a commit. A failure is the commit's, an error ours. */
export function stateOf({ state, failure }: Standing): CommitState {
  if (state === 'succeeded') return 'success'
  if (state === 'cancelled') return 'cancelled'
  if (state !== 'failed') return 'pending'
  return failure?.blame === 'platform' ? 'error' : 'failure'
}

/** One line on it. */
export function describeState(of: Standing, language: Language = 'en'): string {
  const told = buildInLanguage(of, language)
  return cut(SENTENCES[language](told).replace(/\s+/g, ' ').trim())
}

const SENTENCES: Readonly<Record<Language, (of: Standing) => string>> = {
  en: ({ state, build, failure, verdict, package: stored, cancelReason }) => {
    if (state === 'succeeded') {
      if (!build) return 'The repository was read; each function tells how it stands'
      const size = stored ? ` of ${stored.size.toLocaleString('en')} bytes` : ''
      return `A package${size}, ${verdict?.verdict === 'not-loaded' ? 'not loaded' : verdict?.verdict}`
    }
    if (state === 'cancelled') return `Cancelled: ${cancelReason}`
    if (state === 'failed') return failure ? `${failure.title}: ${failure.detail}` : 'Failed'
    return state === 'running' ? 'Being built' : 'Waits to be built'
  },
  zh: ({ state, build, failure, verdict, package: stored, cancelReason }) => {
    if (state === 'succeeded') {
      if (!build) return '仓库已读取；各函数分别给出其状态'
      const size = stored ? ` ${stored.size.toLocaleString('en')} 字节` : ''
      return `部署包${size}，${VERDICTS_ZH[verdict?.verdict ?? 'not-loaded']}`
    }
    if (state === 'cancelled') return `已取消：${cancelReason}`
    if (state === 'failed') return failure ? `${failure.title}：${failure.detail}` : '失败'
    return state === 'running' ? '正在构建' : '等待构建'
  },
}

const VERDICTS_ZH: Readonly<Record<VerdictReason['verdict'], string>> = {
  proved: '已验证可加载',
  checked: '已检查',
  'not-loaded': '未加载',
}

function cut(text: string): string {
  const characters = [...text]
  if (characters.length <= DESCRIPTION_CHARACTERS_MAX) return text
  return `${characters.slice(0, DESCRIPTION_CHARACTERS_MAX - 3).join('')}...`
}
