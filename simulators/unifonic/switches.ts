import { reportSwitches } from '../reports.ts'
import type { SwitchTable } from '../switches.ts'

export const unifonicSwitches = {
  duplicateDetection: {
    values: [false, true],
    initial: false,
    certainty: 'B',
    meaning: 'Refuses the same text to the same number within the window with ER-09.',
  },
  duplicateWindowSeconds: { values: 'whole number', initial: 60, certainty: 'D', meaning: 'How long a text counts as a repeat.' },
  successAsText: { values: [false, true], initial: false, certainty: 'C', meaning: '`success` is the text "true" and not the value true.' },
  unitsInReply: {
    values: [false, true],
    initial: false,
    certainty: 'B',
    meaning: 'Whether units and cost are already in the reply; off, they are 0.',
  },
  senderRegistered: { values: [true, false], initial: true, certainty: 'B', meaning: 'Off, every sender name is refused with ER-08.' },
  reportForm: {
    values: ['old', 'new'],
    initial: 'old',
    certainty: 'X',
    meaning: 'Reports as a form with `DLR`, as the support pages have it, or as JSON with `Status`, as clients expect it.',
  },
  ...reportSwitches,
} as const satisfies SwitchTable
