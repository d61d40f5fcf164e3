/** As esbuild writes it of one file. */
export const SOURCE_MAP = {
  version: 3,
  sources: ['src/index.ts'],
  sourcesContent: ["export const handler = async () => 'hello'\n"],
  names: [],
  mappings: 'AAAO,MAAM,UAAU,YAAY;',
}
