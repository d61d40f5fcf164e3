/** What bundling tells collecting, below the output. */
export const BUNDLE_NOTE = 'packline-bundle.json'

export interface BundleNote {
  format: 'cjs' | 'esm'
  /** Files of the source that are in the bundle. */
  inputs: string[]
  /** What stayed in node_modules, by name and folder. */
  packages: { name: string; folder: string }[]
  /** Folders of the packages whose code is in the bundle. */
  bundled: string[]
}
