export { archiveStore } from './archive-store.ts'
export { folderStore } from './folder-store.ts'
export { type MinioOptions, minioStore } from './minio-store.ts'
export * from './object-reader.ts'
export { type ObjectWriter, objectWriter } from './object-writer.ts'
export type {
  GetOptions,
  PutOptions,
  ReadOptions,
  Store,
  StoredContent,
  StoredObject,
} from './store.ts'
export { storeFromUrl } from './store-from-url.ts'
