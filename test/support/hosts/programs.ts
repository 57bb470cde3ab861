// Running other programs to their end, and waiting for what they bring about.
import {execFile, spawn} from 'node:child_process'
import {setTimeout as sleep} from 'node:timers/promises'

/** What the program printed on stdout. Rejects when it exits other than 0, with its stderr in the message. */
export function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], {maxBuffer: 64 * 1024 * 1024}, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} ${args.join(' ')}: ${stderr.trim() || error.message}`, {cause: error}))
    })
  })
}

/** As `run`, but the output goes to this process's stderr as it comes: for what takes long. */
export function runAloud(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {env: environment, stdio: ['ignore', 2, 2]})
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? signal}`)),
    )
  })
}

/** Did the program exit with 0? Its output is dropped. */
export async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args)
    return true
  } catch {
    // The question was whether it succeeds: it does not.
    return false
  }
}

/**
 * Comes back when `condition` is true; rejects after `deadlineMs` with what was waited for, and with what `told` says then.
 * The condition is asked every 25 ms.
 */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 30_000,
  told?: () => string,
): Promise<void> {
  const deadline = Date.now() + deadlineMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${deadlineMs} ms in vain for ${what}.${told ? ` Told: ${told()}` : ''}`)
    await sleep(25)
  }
}
