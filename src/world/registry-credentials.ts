// What the person's own docker configuration says of registries.
import type {RegistryCredential} from './engine.js'

export interface RegistryCredentials {
  /**
   * What `docker pull` of this image would tell its registry: from the docker configuration's helper of that registry, its store or its entry, in this
   * order; `undefined` where it says nothing. Throws `UnreachableError` `CredentialHelperFailed`, whose words never hold a secret.
   */
  of(image: string, signal: AbortSignal): Promise<RegistryCredential | undefined>
}
