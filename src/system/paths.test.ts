import {expect} from 'chai'
import {berthPaths} from './paths.js'

const USER = {home: '/home/ada', uid: 1000}

describe('berthPaths', () => {
  it('follows the XDG variables', () => {
    const paths = berthPaths({XDG_CACHE_HOME: '/c', XDG_CONFIG_HOME: '/f', XDG_RUNTIME_DIR: '/run/user/1000', XDG_STATE_HOME: '/s'}, USER)

    expect(paths).to.deep.equal({
      cacheFolder: '/c/berth',
      configFolder: '/f/berth',
      runtimeFolder: '/run/user/1000/berth',
      stateFile: '/s/berth/state.json',
      stateFolder: '/s/berth',
    })
  })

  it('falls back to the folders of the home, and to one in /tmp for sockets', () => {
    const paths = berthPaths({}, USER)

    expect(paths.stateFile).to.equal('/home/ada/.local/state/berth/state.json')
    expect(paths.configFolder).to.equal('/home/ada/.config/berth')
    expect(paths.cacheFolder).to.equal('/home/ada/.cache/berth')
    expect(paths.runtimeFolder).to.equal('/tmp/berth-1000')
  })

  it('takes empty and relative values for unset', () => {
    expect(berthPaths({XDG_RUNTIME_DIR: '', XDG_STATE_HOME: 'state'}, USER)).to.deep.equal(berthPaths({}, USER))
  })

  it('keeps two runtime folders that are too long for sockets apart', () => {
    const long = (letter: string) => berthPaths({XDG_RUNTIME_DIR: `/${letter.repeat(80)}`}, USER).runtimeFolder

    expect(long('a')).to.match(/^\/tmp\/berth-1000-[0-9a-f]{8}$/)
    expect(long('a')).to.not.equal(long('b'))
  })
})
