import {expect} from 'chai'
import fc from 'fast-check'
import {fields, table, visible} from './table.js'

describe('table', () => {
  it('sets each column as wide as its widest cell, and ends no line in spaces', () => {
    const text = table(
      ['NAME', 'TASKS'],
      [
        ['a-long-name', '1'],
        ['b', ''],
      ],
    )

    expect(text).to.equal(['NAME         TASKS', 'a-long-name  1', 'b'].join('\n'))
  })

  it('never lets a cell reach the terminal or break a line', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (cell) => {
        const lines = table(['HEAD'], [[cell]]).split('\n')

        expect(lines).to.have.length(2)
        expect(lines[1]).not.to.match(/[\p{Cc}\u202e]/u)
      }),
    )
  })
})

describe('fields', () => {
  it('leaves out what is not known and sets the values in one column', () => {
    expect(
      fields([
        ['Task', 'a'],
        ['Stop code', undefined],
        ['Instance', 'db1'],
      ]),
    ).to.equal(['Task:      a', 'Instance:  db1'].join('\n'))
  })
})

describe('visible', () => {
  it('shows a sign where a host sent an escape sequence', () => {
    expect(visible('\u001b[2Jgone')).to.equal('\ufffd[2Jgone')
  })
})
