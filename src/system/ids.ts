// Ids drawn at random.
import {randomBytes} from 'node:crypto'
import type {Ids} from '../world/clock.js'

export class RandomIds implements Ids {
  next(): string {
    return randomBytes(16).toString('hex')
  }
}
