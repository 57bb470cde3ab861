// The image of the container that holds the namespaces a task's containers share: one static program of a hundred bytes or two that does nothing but wait.
// It is assembled here because a host may reach no registry; the same bytes every time, so that it is one image everywhere.
import {EngineError} from '../errors.js'
import {quoted} from '../model/names.js'
import {PAUSE_IMAGE} from '../model/run-document.js'
import {fileOf} from '../world/assembled-image.js'
import {imageArchive} from './image-archive.js'

/** Numbers of the ELF format (System V ABI) and the code for one kind of processor. */
interface Machine {
  readonly elfMachine: number
  readonly code: readonly number[]
}

const MACHINES: Readonly<Record<string, Machine>> = {
  amd64: {
    elfMachine: 62,
    code: [
      ...[0xb8, 0x22, 0x00, 0x00, 0x00], // mov eax, 34: pause
      ...[0x0f, 0x05], // syscall
      ...[0xeb, 0xf7], // jmp to the beginning: a signal that is handled ends the wait
    ],
  },
  arm64: {
    elfMachine: 183,
    code: [
      ...[0x00, 0x00, 0x80, 0xd2], // mov x0, 0: no files
      ...[0x01, 0x00, 0x80, 0xd2], // mov x1, 0
      ...[0x02, 0x00, 0x80, 0xd2], // mov x2, 0: no end
      ...[0x03, 0x00, 0x80, 0xd2], // mov x3, 0: no mask of signals
      ...[0x28, 0x09, 0x80, 0xd2], // mov x8, 73: ppoll, since this processor's Linux has no pause
      ...[0x01, 0x00, 0x00, 0xd4], // svc 0
      ...[0xfa, 0xff, 0xff, 0x17], // b to the beginning
    ],
  },
}

const HEADER_BYTES = 64
const SEGMENT_BYTES = 56
const LOADED_AT = 0x400000
/** Of the largest pages that any of these processors uses. */
const PAGE_BYTES = 0x10000

/** The program of the image, by the engine's name for its processor; `undefined` for one that there is none for. */
export function pauseProgram(architecture: string): Uint8Array | undefined {
  const machine = Object.hasOwn(MACHINES, architecture) ? MACHINES[architecture] : undefined
  if (!machine) return undefined
  const size = HEADER_BYTES + SEGMENT_BYTES + machine.code.length
  const elf = Buffer.alloc(size)
  // ELF, 64 bits, little-endian, version 1.
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0)
  elf.writeUInt16LE(2, 16) // an executable
  elf.writeUInt16LE(machine.elfMachine, 18)
  elf.writeUInt32LE(1, 20)
  elf.writeBigUInt64LE(BigInt(LOADED_AT + HEADER_BYTES + SEGMENT_BYTES), 24) // begins behind the headers
  elf.writeBigUInt64LE(BigInt(HEADER_BYTES), 32) // where the segments are told
  elf.writeUInt16LE(HEADER_BYTES, 52)
  elf.writeUInt16LE(SEGMENT_BYTES, 54)
  elf.writeUInt16LE(1, 56) // one segment
  elf.writeUInt32LE(1, 64) // to be loaded
  elf.writeUInt32LE(5, 68) // read and run
  elf.writeBigUInt64LE(BigInt(LOADED_AT), 80)
  elf.writeBigUInt64LE(BigInt(LOADED_AT), 88)
  elf.writeBigUInt64LE(BigInt(size), 96)
  elf.writeBigUInt64LE(BigInt(size), 104)
  elf.writeBigUInt64LE(BigInt(PAGE_BYTES), 112)
  elf.set(machine.code, HEADER_BYTES + SEGMENT_BYTES)
  return elf
}

/** The image as `docker save` writes one, under its name. Throws `EngineError` `CannotLoadImage` for a processor that there is none for. */
export async function* pauseImage(architecture: string): AsyncGenerator<Uint8Array> {
  const program = pauseProgram(architecture)
  if (!program)
    throw new EngineError(
      'CannotLoadImage',
      `There is no pause image for ${quoted(architecture)}: containers of a task can share namespaces on amd64 and arm64 only.`,
      {suggestions: ['berth instance list']},
    )
  yield* imageArchive({reference: PAUSE_IMAGE, architecture, entryPoint: ['/pause'], layers: [[fileOf('pause', 0o755, program)]]})
}
