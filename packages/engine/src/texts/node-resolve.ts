import type { Texts } from '../finding.ts'

export const nodeResolveTexts = {
  missing: (place: string, name: string, version: string, isOfDevelopment: boolean) => ({
    message: {
      en: `${place} asks for "${name}", which is neither in the package nor part of Node.js ${version}`,
      zh: `${place} 引用了 "${name}"，它既不在包里，也不属于 Node.js ${version}`,
    },
    hint: isOfDevelopment
      ? {
          en: 'It stands in devDependencies, which are left out: move it to dependencies.',
          zh: '它写在 devDependencies 中，不会进包：请移到 dependencies。',
        }
      : {
          en: 'Add it to dependencies in package.json, or put it into node_modules.',
          zh: '把它加到 package.json 的 dependencies 中，或放进 node_modules。',
        },
  }),
} satisfies Texts
