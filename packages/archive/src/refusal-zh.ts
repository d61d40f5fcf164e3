import type { RefusalReason } from './refusal.ts'

const AGAIN = '请重新发送或重新打包；它在传送途中被改动了。'
const CUT = '请重新发送压缩包；它在传送途中被截断。'
const INSIDE = '请把文件本身放进包里，或使用相对的、不离开包的链接。'

/** Why an archive is refused, in Chinese; the hint where that of the failure says too little. */
export const REFUSALS_ZH = {
  'not-a-zip': { found: '它不是 ZIP 压缩包', hint: '请把文件打成 ZIP；改文件名不会改变它的类型。' },

  cut: { found: '压缩包不完整', hint: CUT },
  'directory-damaged': { found: '压缩包的目录已损坏' },
  'local-header-damaged': { found: '条目的头部已损坏' },
  'extra-field': { found: '条目的附加字段已损坏' },
  descriptor: { found: '条目的数据描述符已损坏' },
  'data-damaged': { found: '条目的内容已损坏', hint: AGAIN },
  'size-lies': { found: '条目的大小与声明的不符' },
  crc: { found: '条目的校验和不符', hint: AGAIN },

  'ambiguous-end': { found: '压缩包的结尾不唯一' },
  prefix: {
    found: '第一个条目之前还有别的内容',
    hint: '请打成普通的 ZIP，不要自解压，也不要带启动脚本。',
  },
  trailing: { found: '压缩包后面还有别的内容' },
  gap: { found: '压缩包中有不属于任何条目的内容' },
  overlap: { found: '压缩包中的条目互相重叠' },
  'multi-disk': { found: '压缩包分布在多个磁盘上' },
  'zip64-lies': { found: '压缩包的 ZIP64 记录不一致' },
  'local-header-differs': { found: '条目的头部与目录不一致' },
  'entry-comment': { found: '条目带有注释，这里无法保留' },
  'crc-collision': { found: '条目的校验和与空内容相同' },
  encrypted: { found: '条目已加密' },
  method: { found: '不支持条目的压缩方式；应为存储或 deflate' },
  'not-utf8': {
    found: '条目的名称不是 UTF-8',
    hint: '对中文 Windows 生成的 ZIP，请把 entryNameEncoding 设为 gb18030（上传时和 build 中）。',
  },
  'unicode-path': { found: '条目的 Unicode Path 字段给出了另一个名称' },
  'path-escapes': { found: '条目的路径离开了包' },
  'path-form': { found: '条目的路径形式不正确：不能有反斜杠、空的部分、"." 或控制字符' },
  'path-too-long': { found: '条目的路径过长' },
  'duplicate-entry': { found: '同一路径有两个条目', hint: '请保留其中一个；解压会覆盖另一个。' },
  'file-as-folder': { found: '一个条目是文件，另一个条目又把它当作文件夹' },
  'kind-differs': { found: '条目的种类自相矛盾' },
  'folder-with-content': { found: '条目是文件夹，却有内容' },
  device: { found: '条目是设备、管道或套接字；应为文件、文件夹或链接' },
  'link-escapes': { found: '链接离开了包', hint: INSIDE },
  'link-target': { found: '链接的目标不正确', hint: INSIDE },
  'link-loop': { found: '链接成环，或链接过多', hint: INSIDE },

  'too-many-entries': { found: '压缩包的条目过多' },
  'too-large': { found: '解压后超过平台接受的大小' },
  ratio: { found: '压缩比过高' },
} satisfies Record<RefusalReason, { found: string; hint?: string }>
