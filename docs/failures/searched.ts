import { judge, found, type Failure } from './proofs.ts'

/** S: found by searching the protocol. */
export const searched: Record<string, Failure> = {
  S1: {
    wrong: 'A second page of one attempt appears while the first is adopted',
    we: 'Without money it concerns nobody and is closed; with money it waits for a person.',
    tests: [
      [found, 'a page that another caller adopted while ours was made is gone on with; ours is closed and nobody is called'],
      [judge, 'a second page of one attempt on which nobody pays concerns nobody'],
    ],
  },
  S2: {
    wrong: 'A webhook tells of late money, and the gateway is silent just then, more than once',
    we: 'We ask again every minute until we are answered.',
    tests: [[found, 'money that a webhook tells of after the last planned question is found, however often the gateway is silent then']],
  },
  S3: {
    wrong: 'A worker stands still until its lease is gone, wakes up, and sends the refund another one is sending',
    we: 'A refund is marked as sent only if it stands exactly as it was read before its charge was looked at.',
    tests: [[found, 'a worker that stood still until its lease was gone does not send a refund that another one is sending']],
  },
  S4: {
    wrong: 'A hold runs out after its first card was refused and its second accepted',
    we: 'Before time is freed, every page that may still have been paid is asked about, not only the open attempt’s.',
    tests: [[found, 'a hold is not freed before the gateway was asked about a page on which only the first card failed']],
  },
}
