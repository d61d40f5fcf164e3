/** /build/source/, or where there is no sandbox the build's own folder. */
const SOURCE_FOLDER = /(?:file:\/\/)?\/(?:[^\s:']+\/)?build(?:-\w+)?\/source\//g

/** What a tool says, with paths as they are in the source. */
export function inSource(text: string): string {
  return text.replace(SOURCE_FOLDER, '')
}
