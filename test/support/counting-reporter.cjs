// mocha's spec reporter, which also writes what passed, failed and was skipped to the file named by the option `output`.
// CommonJS, because mocha loads a reporter by `require`.
const {writeFileSync} = require('node:fs')
const {reporters} = require('mocha')

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once('end', () => {
      const {passes, failures, pending} = this.stats
      writeFileSync(options.reporterOptions.output, JSON.stringify({passed: passes, failed: failures, skipped: pending}))
    })
  }
}
