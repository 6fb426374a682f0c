import type { OpsNotification } from '@thabit/sdk'
import { useSpeech } from '../language/index.tsx'
import { consoleWords } from './console-words.ts'
import { operatorZone } from './operator-zone.ts'

/** Every attempt with its time and the vendor's answer, and everything the vendor reported afterwards. */
export function MessageHistory({ message: { attempts, reports, notAfter } }: { message: OpsNotification }) {
  const { language, format } = useSpeech()
  const words = consoleWords[language]
  return (
    <details>
      <summary>{words.details(words.attempts(attempts.length), words.reports(reports.length))}</summary>
      <ol class="attempts">
        {attempts.map((attempt) => (
          <li key={attempt.startedAt}>
            <bdi>{format.stamp(attempt.startedAt, operatorZone)}</bdi>
            {attempt.finishedAt && <> · {words.took(tookSeconds(attempt.startedAt, attempt.finishedAt))}</>}
            <span class="block">
              <bdi dir="ltr">{attempt.provider}</bdi>:{' '}
              <strong>{attempt.result ? (words.result[attempt.result] ?? attempt.result) : words.underWay}</strong>
              {attempt.errorClass && <> · {words.classes[attempt.errorClass] ?? attempt.errorClass}</>}
            </span>
            {(attempt.errorType ?? attempt.detail) && (
              <bdi class="block faint" dir="ltr">
                {[attempt.errorType, attempt.detail].filter(Boolean).join(' · ')}
              </bdi>
            )}
          </li>
        ))}
      </ol>
      {reports.length > 0 && (
        <ol class="attempts" aria-label={words.evidence}>
          {reports.map((report) => (
            <li key={`${report.receivedAt} ${report.said}`}>
              <bdi>{format.stamp(report.saidAt ?? report.receivedAt, operatorZone)}</bdi>
              <span class="block">
                <bdi dir="ltr">{report.provider}</bdi>: <strong>{words.said[report.delivery ?? ''] ?? report.said}</strong>
                {' · '}
                {words.verified[report.verified] ?? report.verified}
              </span>
              <bdi class="block faint" dir="ltr">
                {[report.said, report.errorCode].filter(Boolean).join(' · ')}
              </bdi>
            </li>
          ))}
        </ol>
      )}
      <p class="faint">
        {words.notAfter} <bdi>{format.stamp(notAfter, operatorZone)}</bdi>
      </p>
    </details>
  )
}

function tookSeconds(from: string, to: string): string {
  return ((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(1)
}
