// A certificate authority of a test, and what it signs.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {run} from '../hosts/programs.js'

export class TestCertificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'berth-ca-'))

  private constructor() {}

  /** With a certificate for `localhost`, good for servers and clients, as `peer`. */
  static async make(): Promise<TestCertificates> {
    const made = new TestCertificates()
    await run('openssl', ['req', '-x509', '-days', '2', '-subj', '/CN=test CA', ...made.#newKey('ca'), '-out', made.at('ca.pem')])
    await made.#sign('peer')
    return made
  }

  at(name: string): string {
    return join(this.folder, name)
  }

  remove(): void {
    rmSync(this.folder, {force: true, recursive: true})
  }

  async #sign(name: string): Promise<void> {
    await run('openssl', ['req', '-subj', '/CN=localhost', ...this.#newKey(name), '-out', this.at(`${name}.csr`)])
    const extensions = this.at(`${name}.ext`)
    writeFileSync(extensions, 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n')
    const signer = ['-CA', this.at('ca.pem'), '-CAkey', this.at('ca-key.pem'), '-CAcreateserial']
    const asked = ['x509', '-req', '-in', this.at(`${name}.csr`), '-days', '2', '-extfile', extensions]
    await run('openssl', [...asked, ...signer, '-out', this.at(`${name}.pem`)])
  }

  #newKey(name: string): readonly string[] {
    return ['-newkey', 'rsa:2048', '-nodes', '-keyout', this.at(`${name}-key.pem`)]
  }
}
