import type { DeliveryView, HookRequestInput, HookView } from '@packline/shared'
import { BUILD_ID } from './builds.ts'

export const HOOK_ID = 'h01kaz5w2m70000000000000ab'
export const DELIVERY_ID = 'd01kaz5w2m70000000000000ab'

const repository = 'https://github.com/example/functions.git'

export const HOOK_REQUEST: HookRequestInput = {
  provider: 'github',
  repository,
  branches: ['main', 'release/*'],
  functions: { manifest: 'packline.yaml' },
}

export const HOOK: HookView = {
  id: HOOK_ID,
  provider: 'github',
  repository,
  credential: 'git-server',
  branches: ['main', 'release/*'],
  functions: { manifest: 'packline.yaml' },
  signed: false,
  active: true,
  deliverTo: `/hooks/${HOOK_ID}`,
  createdAt: '2026-01-05T08:00:00.000Z',
  updatedAt: '2026-01-05T08:00:00.000Z',
}

export const DELIVERY: DeliveryView = {
  id: DELIVERY_ID,
  receivedAt: '2026-01-05T08:00:00.000Z',
  event: 'push',
  ref: 'refs/heads/main',
  before: '28e1879d029cb852e4844d9c718537df08844e03',
  after: 'bffeb74224043ba2feb48d137756c8a9331c449a',
  outcome: 'accepted',
  number: 7,
  state: 'succeeded',
  commit: 'bffeb74224043ba2feb48d137756c8a9331c449a',
  builds: [{ function: 'hello', build: BUILD_ID }],
  untouched: ['other'],
  outrun: [],
  superseded: [],
}
