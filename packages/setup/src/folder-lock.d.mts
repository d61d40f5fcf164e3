/** Runs `task` while holding a lock that is a folder; fails after 10 minutes unless told else. */
export declare function withFolderLock<T>(
  folder: string,
  task: () => Promise<T>,
  options?: { waitMsMax?: number; signal?: AbortSignal },
): Promise<T>
