// Loaded before every test: an assertion that fails shows the whole of what it was given. What was cut off is what explains a failure that comes once in many runs.
import {createRequire} from 'node:module'
import type {config} from 'chai'

// Mocha requires some test files and imports others, and each way has a chai of its own.
const {config: imported} = await import('chai')
const {config: required} = createRequire(import.meta.url)('chai') as {readonly config: typeof config}
for (const settings of [imported, required]) settings.truncateThreshold = 0
