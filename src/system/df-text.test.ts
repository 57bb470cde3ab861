import {expect} from 'chai'
import {shareIn} from './df-text.js'

describe('shareIn', () => {
  it('reads what is available, not what root alone may use', () => {
    expect(shareIn('/dev/vda1 1000 800 150 85% /')).to.deep.equal({free: 150, total: 1000})
    expect(shareIn('/dev/mapper/vg-lv\t1000\t1000\t0\t100%\t/var/lib/docker')).to.deep.equal({free: 0, total: 1000})
  })

  it('is not misled by names with blanks and numbers', () => {
    expect(shareIn('//nas/my disk 1 2 1000 800 200 80% /mnt/5 6 7 8% /x')).to.deep.equal({free: 200, total: 1000})
  })

  it('says nothing where nothing is counted, or where df has said something else', () => {
    expect(shareIn('/dev/vda1 0 0 0 - /')).to.equal(undefined)
    expect(shareIn('Filesystem 1024-blocks Used Available Capacity Mounted on')).to.equal(undefined)
    expect(shareIn(undefined)).to.equal(undefined)
  })
})
