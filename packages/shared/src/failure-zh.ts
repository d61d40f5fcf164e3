import type { FailureCode } from './failure.ts'

const SCHEMA = 'GET /openapi.json 有每个请求的格式。'
const RUNTIMES = 'GET /v1/runtimes 列出所有运行时及其版本。'
const PACK_AGAIN = '请用常用工具重新打包，再上传新的压缩包。'
const AGAIN = '请稍后重试。'
const OPERATOR = '请告知工作节点的管理员；服务日志中有更多信息。'

/** Titles and hints of failure.ts in Chinese. A code without them does not compile. */
export const FAILURES_ZH = {
  INVALID_REQUEST: { title: '请求无效', hint: SCHEMA },
  UNKNOWN_RUNTIME: { title: '平台没有这种运行时', hint: RUNTIMES },
  UNKNOWN_VERSION: { title: '平台没有该运行时的这个版本', hint: RUNTIMES },
  HANDLER_FORM: { title: '执行入口的格式不正确', hint: RUNTIMES },
  NOT_AUTHENTICATED: { title: '需要有效的密钥', hint: '请发送 "Authorization: Bearer KEY"。' },
  SCOPE_MISSING: {
    title: '该密钥无权执行此操作',
    hint: '请使用具有所需权限范围的密钥；租户的管理员可以用 POST /v1/keys 创建。',
  },
  TOO_MANY_REQUESTS: {
    title: '该密钥的请求过多',
    hint: '请按 Retry-After 等待；多个构建请用 POST /v1/batches 一次提交。',
  },
  NOT_FOUND: { title: '没有找到', hint: '请检查标识，以及所用密钥属于谁。' },
  METHOD_NOT_ALLOWED: { title: '该路径不支持此方法', hint: SCHEMA },
  CONFLICT: { title: '当前状态不允许此操作', hint: '请先查看它的状态。' },
  EDIT_REFUSED: {
    title: '文件不能在线编辑',
    hint: '请以 ZIP、请求内联或 git 提交源代码，由 Packline 编译。',
  },
  PRECONDITION_FAILED: {
    title: '其间已有他人修改',
    hint: '请重新读取，合并两处修改，并在 If-Match 中发送新的 ETag。',
  },
  PRECONDITION_REQUIRED: {
    title: '必须说明修改所依据的版本',
    hint: '请在 If-Match 中发送读取时得到的 ETag；“*”表示覆盖现有内容。',
  },
  IDEMPOTENCY_MISMATCH: {
    title: '该 Idempotency-Key 已用于另一个请求',
    hint: '新的请求请使用新的键。',
  },
  IDEMPOTENCY_IN_USE: {
    title: '使用该 Idempotency-Key 的请求仍在处理中',
    hint: '请稍后再次发送。',
  },
  TOO_SLOW: { title: '请求到达得太慢', hint: '请换用更快的网络重新发送。' },
  HEADERS_TOO_LARGE: {
    title: '请求头过大',
    hint: '请只发送该路径接受的请求头，较长的内容放在请求体中。',
  },
  BODY_TOO_LARGE: { title: '请求过大', hint: '请改为上传压缩包，或减少一次发送的内容。' },
  UPLOAD_TOO_LARGE: {
    title: '上传的文件过大',
    hint: '请放到对象存储并给出其地址（kind 为 "object" 的源），或减小文件。',
  },
  DEPENDENCY_PACKAGE_NOT_FOUND: {
    title: '没有这个依赖包',
    hint: 'GET /v1/dependencies 列出依赖包；其修订在 /v1/dependencies/NAME/revisions。',
  },
  UPLOAD_NOT_FOUND: { title: '没有这个上传文件', hint: '请用 POST /v1/uploads 上传。' },
  FORMAT: { title: '压缩包不是该运行时接受的类型', hint: '请上传 ZIP。' },
  ARCHIVE_REFUSED: { title: '压缩包不能安全打开', hint: PACK_AGAIN },
  ARCHIVE_DAMAGED: { title: '压缩包已损坏', hint: PACK_AGAIN },
  UNPACKED_TOO_LARGE: { title: '源代码过大', hint: '请去掉运行时不需要的内容。' },
  SOURCE_NOT_ALLOWED: { title: '不允许访问该地址', hint: '请使用公网的 https 地址。' },
  SOURCE_NOT_FOUND: { title: '没有找到源代码', hint: '请检查它的地址。' },
  SOURCE_UNREACHABLE: { title: '源代码的服务器没有应答', hint: '请确认该服务器可用，再重试。' },
  SOURCE_TOO_LARGE: {
    title: '源代码超过平台接受的大小',
    hint: '请去掉函数不需要的内容，或把库移到依赖包中。',
  },
  SOURCE_DIFFERS: {
    title: '源代码不是所指定的那一份',
    hint: '请检查它是否被替换；可对现有内容发起新的构建。',
  },
  BUCKET_NOT_KNOWN: {
    title: '没有配置可读取该存储桶的对象存储',
    hint: '请使用管理员允许的存储桶，或申请开放：PACKLINE_OBJECT_STORES。',
  },
  REGION_DIFFERS: {
    title: '存储桶与函数不在同一区域',
    hint: '请把对象复制到函数所在区域的存储桶，并使用新的地址。',
  },
  RUNTIME_NOT_DETECTED: { title: '无法从文件判断运行时', hint: RUNTIMES },
  MANIFEST_INVALID: { title: '清单文件无法读取', hint: '请修正指出的位置。' },
  ENTRY_MISSING: { title: '缺少入口文件', hint: '请添加该文件，或在执行入口中指定另一个。' },
  DEPENDENCY_NOT_FOUND: { title: '没有找到某个依赖', hint: '请检查它的名称和版本。' },
  INSTALL_FAILED: {
    title: '依赖安装失败',
    hint: '原因见输出；在您的机器上执行同样的命令也会失败。',
  },
  COMPILE_FAILED: { title: '代码编译失败', hint: '请修正编译器指出的行。' },
  VALIDATION_FAILED: { title: '程序包不符合平台规则', hint: '请逐项修正检查结果。' },
  TIMED_OUT: { title: '构建时间过长', hint: '请调大 build.timeoutSeconds，或减少构建内容。' },
  TOO_MUCH_OUTPUT: { title: '构建输出过多', hint: '请让工具少输出一些。' },
  OUT_OF_MEMORY: { title: '构建使用的内存过多', hint: '请减少它的内存用量。' },
  TOO_MANY_PROCESSES: { title: '构建启动的进程过多', hint: '请减少它启动的进程。' },
  TOO_MANY_OPEN_FILES: { title: '构建打开的文件过多', hint: '请减少它同时打开的文件。' },
  TOO_MUCH_DISK: { title: '构建写入的内容过多', hint: '请减少它写入的内容。' },
  TOO_MANY_FILES: { title: '构建创建的文件过多', hint: '请减少它创建的文件。' },
  SECRETS_LOCKED: { title: '无法读取已保存的机密', hint: OPERATOR },
  DISK_FULL: { title: '机器磁盘空间不足', hint: OPERATOR },
  MEMORY_FULL: { title: '机器内存不足', hint: OPERATOR },
  TOOL_MISSING: { title: '工作节点缺少工具', hint: OPERATOR },
  NO_WORKER: { title: '没有工作节点接受这类构建', hint: OPERATOR },
  POISONED: { title: '该构建使每个接手的工作节点终止', hint: OPERATOR },
  REGISTRY_UNAVAILABLE: { title: '软件包仓库没有应答', hint: AGAIN },
  STORE_UNAVAILABLE: { title: '对象存储没有应答', hint: AGAIN },
  CONTENT_MISMATCH: { title: '内容与声明的不符', hint: AGAIN },
  SERVER_UNREACHABLE: { title: '服务器没有应答', hint: AGAIN },
  RECORDS_UNAVAILABLE: { title: 'Redis 没有应答', hint: AGAIN },
  SANDBOX_FAILED: { title: '无法建立沙箱', hint: OPERATOR },
  BUG: { title: 'Packline 出现了错误', hint: '请重试；若再次出现，请附上标识报告。' },
} satisfies Record<FailureCode, { title: string; hint: string }>
