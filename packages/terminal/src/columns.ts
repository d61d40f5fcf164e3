import stringWidth from 'string-width'

/** Rows as plain columns, two blanks between them, without lines: made for eyes and for awk. */
export function columns(rows: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => stringWidth(row[at] ?? ''))),
  )
  return rows
    .map((row) =>
      widths
        .map((width, at) => padded(row[at], width))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function padded(text = '', width: number): string {
  return text + ' '.repeat(width - stringWidth(text))
}
