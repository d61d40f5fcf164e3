/** Whether a process lives, somebody else's too. */
export declare function lives(pid: number): boolean
/** A process for good, as text for a file: its number may be another's later. */
export declare function processMark(pid: number): string
/** Whether the process that a mark was made of lives still. */
export declare function livesStill(mark: string): boolean
