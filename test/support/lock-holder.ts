// A process that takes a lock on a host and keeps it until it is killed: `lock-holder ADDRESS-JSON RUNTIME SSH-CONFIG NAME`; it says its epoch.
import {RandomIds} from '../../src/system/ids.js'
import {SystemClock} from '../../src/system/clock.js'
import {SystemHostLocks} from '../../src/system/system-host-locks.js'
import {toolsIn} from './connections.js'

const [address = '', runtime = '', config = '', name = new RandomIds().next()] = process.argv.slice(2)
const holder = {by: 'worker@there', command: 'instance leave', since: new SystemClock().now().toString()}
const answer = await new SystemHostLocks(toolsIn(runtime, config)).hold(JSON.parse(address), name, holder, new AbortController().signal)
process.stdout.write(`${answer.kind === 'mine' ? answer.lock.epoch : answer.kind}\n`)
