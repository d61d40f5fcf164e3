/** The parts of `process` that tell which Node.js fits. */
interface Host {
  platform: string
  arch: string
  execPath: string
  version: string
}

/** Path of a Node.js that runs our TypeScript; fails with one line that says how to mend it. */
export declare function findNode(root: string, host?: Host): string

/** Whether a version such as `v24.21.0` is one that runs our TypeScript. */
export declare function isNewEnough(version: string): boolean

/** Major and minor of the oldest one. */
export declare const OLDEST: readonly [number, number]
