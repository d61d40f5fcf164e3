import type { FailureWords } from '@packline/shared'
import { type CommandLimits, fileBytesMax } from '../../process/limits.ts'

/** Which limit of the worker's a command has met, its value, and the setting that raises it. */
export const limitFailures = {
  memory: (tool: string, { memoryBytesMax }: CommandLimits) => ({
    detail: {
      en: `${tool} and what it started needed more than ${mib(memoryBytesMax)} of memory, their limit`,
      zh: `${tool} 及其启动的进程所需内存超过了上限 ${mib(memoryBytesMax)}`,
    },
    hint: raise(
      'PACKLINE_MEMORY_MIB_MAX',
      'Let the build use less memory (fewer jobs at once, a smaller heap; /tmp counts, too)',
      '请减少构建的内存用量（减少并行任务、缩小堆；/tmp 也计算在内）',
    ),
  }),
  processes: (tool: string, { processesMax }: CommandLimits) => ({
    detail: {
      en: `${tool} and what it started were more than ${processesMax} processes and threads, their limit`,
      zh: `${tool} 及其启动的进程和线程超过了上限 ${processesMax} 个`,
    },
    hint: raise(
      'PACKLINE_PROCESSES_MAX',
      'Let the build start fewer processes at once',
      '请减少构建同时启动的进程',
    ),
  }),
  openFiles: (tool: string, { openFilesMax }: CommandLimits) => ({
    detail: {
      en: `A process of ${tool} had more than ${openFilesMax} files open, its limit`,
      zh: `${tool} 的一个进程打开的文件超过了上限 ${openFilesMax} 个`,
    },
    hint: raise(
      'PACKLINE_OPEN_FILES_MAX',
      'Let the build open fewer files at once',
      '请减少构建同时打开的文件',
    ),
  }),
  diskSpace: (tool: string, { diskBytesMax }: CommandLimits) => ({
    detail: {
      en: `${tool} has filled the build's folders with more than ${mib(diskBytesMax)}, their limit`,
      zh: `${tool} 写入构建目录的内容超过了上限 ${mib(diskBytesMax)}`,
    },
    hint: raise('PACKLINE_DISK_MIB_MAX', 'Let the build write less', '请减少构建写入的内容'),
  }),
  files: (tool: string, { filesMax }: CommandLimits) => ({
    detail: {
      en: `${tool} has made more than ${filesMax} files and folders, the limit of a build`,
      zh: `${tool} 创建的文件和目录超过了构建的上限 ${filesMax} 个`,
    },
    hint: raise('PACKLINE_FILES_MAX', 'Let the build make fewer files', '请减少构建创建的文件'),
  }),
  fileSize: (tool: string, limits: CommandLimits) => ({
    detail: {
      en: `${tool} wrote a file of more than ${mib(fileBytesMax(limits))}, the limit of one file`,
      zh: `${tool} 写入的一个文件超过了单个文件的上限 ${mib(fileBytesMax(limits))}`,
    },
    hint: {
      en: 'Let the build write smaller files; no package may hold one of that size.',
      zh: '请让构建写入较小的文件；程序包也不能包含这么大的文件。',
    },
  }),
  tmp: (tool: string, { tmpBytesMax }: CommandLimits) => ({
    detail: {
      en: `${tool} had no space left in /tmp (${mib(tmpBytesMax)}) or /dev/shm, which lie in memory`,
      zh: `${tool} 的 /tmp（${mib(tmpBytesMax)}）或 /dev/shm 空间不足，二者位于内存中`,
    },
    hint: raise(
      'PACKLINE_TMP_MIB_MAX',
      "Let the build write to its own folder instead (TMPDIR, the tool's option)",
      '请让构建改为写入自己的目录（TMPDIR 或工具的选项）',
    ),
  }),
  output: (tool: string, bytesMax: number) => ({
    detail: {
      en: `${tool} printed more than ${mib(bytesMax)}, its limit`,
      zh: `${tool} 的输出超过了上限 ${mib(bytesMax)}`,
    },
    hint: raise(
      'PACKLINE_OUTPUT_MIB_MAX',
      'Let the tool say less, such as without its verbose or progress option',
      '请让该工具少输出一些，例如去掉详细输出或进度显示的选项',
    ),
  }),
  workersMemory: (tool: string) => ({
    detail: {
      en: `The kernel killed ${tool}: the worker ran out of memory`,
      zh: `内核结束了 ${tool}：工作节点的内存已用尽`,
    },
    hint: {
      en: 'Let the build use less memory, or give the worker more, or fewer tool slots.',
      zh: '请减少构建的内存用量，或给工作节点更多内存，或减少它的工具槽位。',
    },
  }),
  memoryFull: (tool: string) => ({
    detail: {
      en: `The kernel killed ${tool}: the machine ran out of memory, though the build kept to its limit`,
      zh: `内核结束了 ${tool}：构建未超过上限，但机器内存已用尽`,
    },
    hint: {
      en: 'Give the worker more memory or fewer tool slots, or lower PACKLINE_MEMORY_MIB_MAX.',
      zh: '请给工作节点更多内存或减少工具槽位，或调小 PACKLINE_MEMORY_MIB_MAX。',
    },
  }),
  diskFull: () => ({
    detail: {
      en: 'The worker has no disk space left for the build',
      zh: '工作节点没有剩余的磁盘空间用于该构建',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

const MIB = 1024 * 1024

function mib(bytes: number): string {
  return `${Math.round((bytes / MIB) * 10) / 10} MiB`
}

function raise(setting: string, en: string, zh: string) {
  return {
    en: `${en}, or have ${setting} of the workers raised.`,
    zh: `${zh}，或请管理员调大工作节点的 ${setting}。`,
  }
}
