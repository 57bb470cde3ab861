// The base image of the tests: busybox and its applets, made without a registry, the same image id on every host.
import {chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {docker} from './engine.js'
import {run} from './programs.js'
import type {TestHost} from './test-hosts.js'

/** The image that is on every test host: sh, sleep, httpd, wget, nc and the rest of busybox; its command is `sh`. */
export const BASE_IMAGE = 'busybox:test'

/** Packs busybox and its applets as a root file system; returns the path of the tar in `folder`. */
export async function packBusybox(folder: string): Promise<string> {
  const root = join(folder, 'busybox')
  for (const part of ['bin', 'dev', 'etc', 'proc', 'root', 'sys', 'tmp', 'var']) mkdirSync(join(root, part), {recursive: true})
  chmodSync(join(root, 'tmp'), 0o1777)
  copyFileSync((await run('sh', ['-c', 'command -v busybox'])).trim(), join(root, 'bin', 'busybox'))
  const applets = (await run('busybox', ['--list'])).split('\n').filter((applet) => applet !== '' && applet !== 'busybox')
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet))
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n')
  writeFileSync(join(root, 'etc', 'group'), 'root:x:0:\nnogroup:x:65534:\n')
  const tar = join(folder, 'busybox.tar')
  await run('tar', ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '-C', root, '-cf', tar, '.'])
  return tar
}

/** Puts the base image on every host; it is imported on the first and carried to the others, since each import has an id of its own. */
export async function loadBaseImage(folder: string, hosts: readonly TestHost[]): Promise<void> {
  const [first, ...others] = hosts
  if (!first) return
  const settings = ['CMD ["sh"]', 'ENV PATH=/bin'].flatMap((change) => ['--change', change])
  await docker(first, 'import', ...settings, await packBusybox(folder), BASE_IMAGE)
  const archive = join(folder, 'base-image.tar')
  await docker(first, 'save', '-o', archive, BASE_IMAGE)
  await Promise.all(others.map((host) => docker(host, 'load', '-q', '-i', archive)))
}

/** The image has a second name on this host, such as the one a person would type: `alpine:3`. */
export async function tagImage(host: TestHost, from: string, to: string): Promise<void> {
  await docker(host, 'tag', from, to)
}
