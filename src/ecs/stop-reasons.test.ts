import {expect} from 'chai'
import {containerReason, outOfMemoryReason, vanishedReason} from './stop-reasons.js'

describe('containerReason', () => {
  it('begins with the name of the error, once', () => {
    expect(containerReason('CannotPullContainerError', 'no such image')).to.equal('CannotPullContainerError: no such image')
    expect(containerReason('CannotPullContainerError', 'CannotPullContainerError: no such image')).to.equal(
      'CannotPullContainerError: no such image',
    )
  })

  it('is at most 1024 characters, and never ends in half of one', () => {
    const start = 'DockerTimeoutError: '

    expect(containerReason('DockerTimeoutError', 'x'.repeat(5000))).to.have.length(1024)
    expect(containerReason('DockerTimeoutError', `${'x'.repeat(1023 - start.length)}😀`)).to.have.length(1023)
  })

  it('speaks the words of ECS', () => {
    expect(outOfMemoryReason()).to.equal('OutOfMemoryError: Container killed due to memory usage')
    expect(vanishedReason('berth-web')).to.equal('ContainerVanishedError: Container berth-web is no longer on its host')
  })
})
