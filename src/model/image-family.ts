// The family under which `task run --image` registers.

/**
 * The last part of the image's path without tag and digest, with a hyphen for each character that no family may have: `nginx` of
 * `registry.example:5000/team/nginx:1.25@sha256:...`, `my-app` of `my.app`; `image` where nothing is left.
 */
export function familyOfImage(image: string): string {
  const path = image.replace(/@.*$/s, '')
  const [name = ''] = path.slice(path.lastIndexOf('/') + 1).split(':')
  return name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 255) || 'image'
}
