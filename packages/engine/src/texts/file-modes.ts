import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

export const fileModesTexts = {
  specialBits: (path: string, mode: string, more: number) =>
    modeTexts(path, mode, more, {
      en: 'the platform drops the setuid, setgid and sticky bits',
      zh: '平台会去掉 setuid、setgid 和 sticky 位',
    }),
  unreadable: (path: string, mode: string, more: number) =>
    modeTexts(path, mode, more, {
      en: 'the function may not be allowed to read it',
      zh: '函数可能无权读取它',
    }),
} satisfies Texts

function modeTexts(path: string, mode: string, more: number, fault: Words) {
  const others =
    more > 0
      ? { en: `, as ${more} more have such`, zh: `（另有 ${more} 个也是如此）` }
      : { en: '', zh: '' }
  return {
    message: {
      en: `${path} has mode ${mode}${others.en}; ${fault.en}`,
      zh: `${path} 的权限是 ${mode}${others.zh}；${fault.zh}`,
    },
    hint: {
      en: 'Pack it with mode 0755, or 0644 when it is not started.',
      zh: '打包时把权限设为 0755；不作为程序启动的文件设为 0644。',
    },
  }
}
