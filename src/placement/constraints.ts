// Placement constraints as filters: made once a request, asked of each instance.
import {InvalidInputError} from '../errors.js'
import type {PlacementConstraint} from '../model/placement.js'
import type {Filter} from './filters.js'

/** A filter for each constraint, in the order given. Throws `UnsupportedFeatureException` for memberOf. */
export function constraintFilters(constraints: readonly PlacementConstraint[]): readonly Filter[] {
  return constraints.map(filterOf)
}

function filterOf(constraint: PlacementConstraint): Filter {
  switch (constraint.type) {
    case 'distinctInstance':
      return distinctInstance
    case 'memberOf':
      throw new InvalidInputError(
        'UnsupportedFeatureException',
        'Placement constraint memberOf is not supported by this version of Berth.',
        {
          suggestions: ['berth task run FAMILY --placement-constraint distinctInstance'],
        },
      )
  }
}

/** One task of a group on an instance, those that run already counted. */
const distinctInstance: Filter = ({group}, {tasksInGroup}) =>
  tasksInGroup.has(group)
    ? {code: 'DistinctInstance placement constraint unsatisfied.', said: `holds a task of group ${group}, and distinctInstance allows one`}
    : undefined
