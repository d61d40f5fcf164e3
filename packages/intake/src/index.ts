export {
  type Asking,
  inBatch,
  type Known,
  type OnWrong,
  takeIn,
  takeInDependency,
  takeInEach,
} from './take-in.ts'
export { checkCallback, checkToldAt } from './told.ts'
