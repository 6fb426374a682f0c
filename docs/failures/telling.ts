import { type Failure, killing } from './proofs.ts'

const later = 'server/notifications/delivery/deliver-later.test.ts'
const deliver = 'server/notifications/delivery/deliver.test.ts'
const queue = 'server/notifications/delivery/queue.test.ts'
const rules = 'server/notifications/delivery/rules.test.ts'
const fallOver = 'server/notifications/delivery/fall-over.test.ts'
const settling = 'server/notifications/reports/settle-by-asking.test.ts'
const handOver = 'server/notifications/reports/hand-over.test.ts'
const lateNews = 'tests/journeys/late-news.test.ts'
const flapping = 'tests/guarantees/flapping-vendor.test.ts'
const alerts = 'tests/guarantees/alerts.test.ts'
const invariants = 'server/operations/invariants.test.ts'
const down = 'tests/journeys/vendor-down.test.ts'

/** H: telling people, which never fails what they are told of. */
export const telling: Record<string, Failure> = {
  H1: {
    wrong: 'The vendor of messages refuses, hangs, breaks off or is away',
    we: 'The booking stands and its answer says nothing of it. The attempt is kept with its class; what may pass is tried again five times over some hours, by other vendors and channels where there are any, and then ends FAILED and loud. A vendor that took it and reports later, for good, that it cannot arrive moves it to the next channel, once.',
    tests: [
      [down, 'with the vendor of messages down in every way, bookings go on as if nothing had happened and nothing is lost from sight'],
      [
        later,
        'queue: the committer waits for nothing, and a failure that may pass is tried again after 10 s, 1 m, 5 m, 30 m and 2 h, then ends',
      ],
      ['tests/guarantees/message-faults.test.ts', 'every fault of every vendor of messages is what the table says, within the deadline'],
      [fallOver, "…: what is nobody's fault, or our own settings', goes to the next vendor at once"],
      [flapping, 'two thousand messages through a vendor that comes and goes: none is lost, and whatever came twice is explained'],
      [handOver, 'a message whose channel will never reach the number goes to the next channel, once, and from there to the next'],
      [handOver, 'a report that nobody signed is confirmed by asking the vendor, and moves nothing until it is'],
      [lateNews, 'an SMS that was taken and is then reported to a number nobody has goes by WhatsApp, once, after the vendor confirmed it'],
    ],
  },
  H2: {
    wrong: 'Our process dies after the vendor took a message and before that was noted',
    we: 'The attempt was written first and stands open: it is closed as interrupted and the message is sent again. It can come twice, never not at all; what came twice is counted, and each has an attempt that explains it. Where only the answer was lost it is not sent again: the vendor’s report by our id, or its answer when asked, settles it.',
    tests: [
      [killing, 'a server killed at any await, and another that takes over, keep every promise'],
      [flapping, 'two thousand messages through a vendor that comes and goes: none is lost, and whatever came twice is explained'],
      [
        'tests/journeys/delivery-killed.test.ts',
        'a server killed while the vendor keeps it waiting leaves a booking that stands and a message that another server sends',
      ],
      [settling, 'a message whose answer was lost is SENT once the vendor reports anything of it by our id, and nobody sends it again'],
      [settling, 'the vendor is asked before a message is sent again, and what it took is not'],
      [lateNews, 'an SMS whose answer was lost is SENT once its callback tells whose it is'],
    ],
  },
  H3: {
    wrong: 'Our process dies after it claimed a message and before it sent it',
    we: 'A claim is a lease of less than a minute and no state: it runs out, and whoever comes next takes the message.',
    tests: [
      [later, '…: what a process died with, before or during its attempt, is taken up again when its lease ran out'],
      [queue, 'what a process died with is back within a minute, whatever the longest deadline'],
      [killing, 'a server killed at any await, and another that takes over, keep every promise'],
    ],
  },
  H4: {
    wrong: 'One message breaks whoever tries to send it',
    we: 'It fails alone; after three processes that ended during it nobody tries it again unasked. Others are claimed past it.',
    tests: [
      [later, 'queue: one poisoned message holds up nobody'],
      [deliver, 'a message that cannot be written fails, loudly and alone'],
      ['server/notifications/by-hand/redrive.test.ts', 'a message during which the process died three times is not tried a fourth'],
    ],
  },
  H5: {
    wrong: 'A message is no longer true when its turn comes',
    we: 'The booking is read again at sending; what no longer holds, or comes too late, ends SKIPPED with its reason.',
    tests: [
      [deliver, 'what no longer holds, or comes too late, ends SKIPPED with its reason and reaches no vendor'],
      [
        'server/bookings/telling/still-holds.test.ts',
        'what was said of an earlier version of the booking is not said any more, but for money that moved',
      ],
      ['tests/journeys/messages.test.ts', 'a reminder of a booking that was moved meanwhile ends skipped'],
    ],
  },
  H6: {
    wrong: 'A vendor comes back after an hour, and everything that waited falls upon it and upon the customers',
    we: 'Each process feeds a vendor at its pace, a tenth of it at first; a business with a backlog does not stand before another’s single message; an operator’s mass of repeats goes out a few a second.',
    tests: [
      [queue, 'a vendor that comes back after an hour is fed at its pace, and nobody else waits for that'],
      [queue, 'businesses with hundreds of messages do not keep another’s single one waiting'],
      [
        'server/notifications/delivery/pace.test.ts',
        'a vendor that was away is fed a tenth at first, and all of it half a minute after its first success',
      ],
    ],
  },
  H7: {
    wrong: 'Messages fail, and nobody notices',
    we: 'Each kind of trouble has an alert, as rules for Prometheus and as a watch of our own that tells the operator by another way than the failing one; the operator’s page is red meanwhile.',
    tests: [
      [alerts, 'each fault raises its alert'],
      [alerts, 'every alert has a fault that raises it'],
      [
        'tests/journeys/built-in-watch.test.ts',
        'the operator is told of a vendor that is down by another, again after an hour, and when it is over; the pages say so meanwhile',
      ],
    ],
  },
  H8: {
    wrong: 'A change is made and the message about it is never written',
    we: 'Both are one transaction. Should it happen all the same, a query that compares changes and messages finds it, and an alert says so.',
    tests: [
      ['server/external-calls/absorbed.test.ts', 'a promised call falls with its transaction'],
      [invariants, 'of every kind a missing message is found and named, and found no more once its row is there'],
      [killing, 'a server killed at any await, and another that takes over, keep every promise'],
    ],
  },
  H9: {
    wrong: 'A number has passed to somebody else, or takes nothing any more',
    we: 'Only the number an account has proved is told anything; one that surely took nothing three times in a row is left alone until somebody signs in with it.',
    tests: [
      [rules, 'a number that three times in a row surely took nothing is left alone until somebody signs in with it'],
      [rules, 'failures that are ours or nobody’s leave no number alone'],
    ],
  },
}
