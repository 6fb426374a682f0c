import { useState } from 'preact/hooks'
import type { OpsNotification } from '@thabit/sdk'
import { thabit } from '../accounts/session.ts'
import { Button } from '../interface/button.tsx'
import { keyed } from '../interface/keyed-wish.ts'
import { useSpeech } from '../language/index.tsx'
import { messageWords } from '../messages/message-words.ts'
import { outcomeOf } from '../messages/outcome.ts'
import { BookingLink } from './booking-link.tsx'
import { consoleWords } from './console-words.ts'
import { Fact } from './fact.tsx'
import { mayArriveTwice, MessageDialog } from './message-dialog.tsx'
import { MessageHistory } from './message-history.tsx'
import { operatorZone } from './operator-zone.ts'

const channels = ['sms', 'whatsapp', 'email'] as const
type Channel = (typeof channels)[number]
type Asked = { act: 'redrive' | 'acknowledge' } | { act: 'send-by'; channel: Channel } | null

/** A message: what it says, to whom, what became of it, and what may be done about it. */
export function MessageRow({ message, onChange }: { message: OpsNotification; onChange: (message: OpsNotification) => void }) {
  const { language, format } = useSpeech()
  const words = consoleWords[language]
  const names = messageWords[language]
  const [asked, setAsked] = useState<Asked>(null)
  const [done, setDone] = useState(false)
  const outcome = outcomeOf(message)
  const stamp = (at: string | null) => at && format.stamp(at, operatorZone)
  const unarrived = outcome === 'failed' || outcome === 'undelivered'

  const act = async (reason: string) => {
    const { id } = message
    if (asked?.act === 'redrive') onChange(await thabit.redrive(id))
    if (asked?.act === 'acknowledge')
      onChange(await keyed(`acknowledge ${id} ${reason}`, (key) => thabit.acknowledgeNotification(key, id, reason)))
    if (asked?.act === 'send-by') {
      const { channel } = asked
      const standIn = await keyed(`send-by ${id} ${channel}`, (key) => thabit.sendNotificationBy(key, id, channel))
      onChange({ ...message, stoodInBy: standIn.id })
    }
    setDone(true)
  }
  return (
    <li class={`row ${message.status} ${outcome === 'undelivered' ? 'FAILED' : ''}`}>
      <div class="row-head">
        <span class={`badge ${message.status} told-${outcome}`}>{names.badge[outcome]}</span>
        <h2>{names.kind[message.kind] ?? message.kind}</h2>
        <BookingLink about={{ bookingId: message.bookingReference && message.aboutId, bookingReference: message.bookingReference }} />
      </div>
      <dl class="facts">
        <Fact name={words.business.split(' (')[0] ?? ''} value={format.text(message.businessName)} />
        <Fact name={words.recipient} value={message.recipient} />
        <Fact name={words.channel} value={names.channel[message.channel] ?? message.channel} />
        <Fact name={words.lastProvider} value={message.provider} />
        <Fact name={words.written} value={stamp(message.createdAt)} />
        <Fact name={words.sentAt} value={stamp(message.sentAt)} />
        <Fact
          name={words.errorClass}
          value={unarrived && message.errorClass ? (words.classes[message.errorClass] ?? message.errorClass) : null}
        />
        <Fact name={words.reason} value={reasonOf(message, names)} wide />
        <Fact name={words.evidence} value={message.delivery && (words.said[message.delivery] ?? message.delivery)} />
        <Fact name={words.nextTry} value={stamp(message.nextAttemptAt)} />
        <Fact name={words.turn} value={stamp(message.redriveAt)} />
        <Fact name={words.acknowledged} value={message.acknowledgedReason} wide />
      </dl>
      {message.standsInFor && <p class="faint">{words.standsIn}</p>}
      {message.stoodInBy && <p class="faint">{words.stoodIn}</p>}
      <MessageHistory message={message} />
      {done && <output>{words.done}</output>}
      {unarrived && (
        <div class="message-acts">
          <Button kind="quiet" onPress={() => setAsked({ act: 'redrive' })}>
            {words.redrive}
          </Button>
          {!message.stoodInBy &&
            channels
              .filter((channel) => channel !== message.channel)
              .map((channel) => (
                <Button key={channel} kind="quiet" onPress={() => setAsked({ act: 'send-by', channel })}>
                  {words.sendBy(names.channel[channel] ?? channel)}
                </Button>
              ))}
          {!message.acknowledgedAt && (
            <Button kind="quiet" onPress={() => setAsked({ act: 'acknowledge' })}>
              {words.acknowledge}
            </Button>
          )}
        </div>
      )}
      {asked && (
        <MessageDialog
          act={asked.act}
          press={asked.act === 'send-by' ? words.sendBy(names.channel[asked.channel] ?? asked.channel) : words[asked.act]}
          warning={asked.act !== 'acknowledge' && mayArriveTwice(message) && words.twice}
          onDo={act}
          onClose={() => setAsked(null)}
        />
      )}
    </li>
  )
}

/** The house's word in the reader's language, and behind it what the vendor said. */
function reasonOf({ reason }: OpsNotification, names: (typeof messageWords)['ar']): string | null {
  if (reason === null) return null
  const [word = '', ...vendor] = reason.split(' · ')
  // Isolated, so that a vendor’s English keeps its full stop at its end within an Arabic line.
  const said = vendor.map((part) => `\u2066${part}\u2069`)
  return [names.why[word.split(/[: ]/)[0] ?? ''] ?? word, ...said].join(' · ')
}
