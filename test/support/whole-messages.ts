// Loaded before every test: an assertion that fails shows the whole of what it was given. What was cut off is what explains a failure that comes once in many runs.
import {config} from 'chai'

config.truncateThreshold = 0
