import type { Answer } from '../answers.ts'
import type { Fault } from '../faults.ts'
import { KNOWN_FAULTS } from '../faults.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { WebhookAttempt } from '../moyasar/objects.ts'
import type { Language } from '../page.ts'
import { clockTime, languageLink, layout } from '../page.ts'
import { segments } from '../segments.ts'
import type { Message } from './inbox.ts'
import { partsText, QUICK, WORDS } from './words.ts'

type Shown = { messages: Message[]; faults: Fault[]; attempts: WebhookAttempt[]; language: Language }

/** Phones as conversations, newest first; below them what can be broken and what the gateway tried to tell. */
export function inboxPage({ messages, faults, attempts, language }: Shown): Answer {
  const say = (word: keyof typeof WORDS): string => WORDS[word][language]
  const phones = Map.groupBy(messages, ({ to }) => to)
  const conversations =
    phones.size === 0
      ? html`<p class="card empty">${say('empty')}</p>`
      : html`<ul class="board">
          ${[...phones].map(([phone, received]) => conversation(phone, received, language))}
        </ul>`
  const body = html` <aside class="notice" aria-label="${say('about')}">${say('simulation')}</aside>
    <header class="bar wide">
      <h1>${say('title')}</h1>
      ${languageLink(language, '/')}
    </header>
    <main class="wide">
      <p class="soft">${say('hint')}</p>
      <section id="conversations" aria-label="${say('title')}">${conversations}</section>
      <div class="board">
        <section class="card" id="faults" aria-labelledby="faults-title">
          <h2 id="faults-title">${say('faults')}</h2>
          <p class="soft">${say('faultsHint')}</p>
          <div id="planned">${plannedList(faults, language)}</div>
          <h3>${say('quick')}</h3>
          <div class="chips">${QUICK.map((quick) => quickForm(quick, language))}</div>
          ${faultForm(language)}
        </section>
        <section class="card" aria-labelledby="webhooks-title">
          <h2 id="webhooks-title">${say('webhooks')}</h2>
          <div id="attempts">${attemptList(attempts, language)}</div>
        </section>
      </div>
    </main>`
  return layout({ language, title: say('title'), body, script: script(say('copied')) })
}

function conversation(phone: string, received: Message[], language: Language): Html {
  return html`<li class="card">
    <div class="phone-head">
      <h2><bdi class="ltr">${phone}</bdi></h2>
      <span class="soft">${received.length}</span>
    </div>
    <ol class="stack">
      ${received.map((message) => bubble(message, language))}
    </ol>
  </li>`
}

function bubble({ channel, from, subject, body, receivedAt }: Message, language: Language): Html {
  const code = /(?<![\w-])\d{6}(?![\w-])/.exec(body)?.[0]
  return html`<li class="bubble ${channel}">
    <span class="tag ${channel}">${WORDS[channel][language]}</span>
    ${subject !== undefined && html`<p dir="auto"><b>${subject}</b></p>`}
    <p dir="auto">${body}</p>
    ${code !== undefined && html`<button class="small" data-copy="${code}" hidden>${WORDS.copy[language]} <bdi class="ltr">${code}</bdi></button>`}
    <div class="meta">
      <bdi dir="ltr">${from}</bdi>${channel === 'sms' && html`<span>${partsText(segments(body).parts, language)}</span>`}<time
        datetime="${receivedAt}"
        >${clockTime(receivedAt, language)}</time
      >
    </div>
  </li>`
}

function plannedList(faults: Fault[], language: Language): Html {
  if (faults.length === 0) return html`<p class="said good">${WORDS.none[language]}</p>`
  return html`<div class="stack">
    <h3>${WORDS.current[language]}</h3>
    <ul class="list">
      ${faults.map(
        ({ provider, operation, fault, times }) =>
          html`<li>
            <bdi class="ltr">${provider}${operation === undefined ? '' : ` / ${operation}`}: <b>${fault}</b></bdi
            ><span class="soft">${times === undefined ? WORDS.always[language] : `×${times}`}</span>
          </li>`,
      )}
    </ul>
    <form method="post" action="/faults/clear?lang=${language}" class="stack"><button class="main">${WORDS.clear[language]}</button></form>
  </div>`
}

function quickForm({ target, fault, label }: (typeof QUICK)[number], language: Language): Html {
  return html`<form method="post" action="/faults/plan?lang=${language}" class="stack">
    <input type="hidden" name="target" value="${target}" /><input type="hidden" name="fault" value="${fault}" /><button class="danger">
      ${label[language]}
    </button>
  </form>`
}

function faultForm(language: Language): Html {
  const targets = Object.entries({ sms: KNOWN_FAULTS.unifonic, ...KNOWN_FAULTS }).flatMap(([provider, operations]) => [
    html`<option value="${provider}">${provider}: ${WORDS.all[language]}</option>`,
    ...Object.keys(operations).map((operation) => html`<option value="${provider}/${operation}">${provider}: ${operation}</option>`),
  ])
  const names = [...new Set(Object.values(KNOWN_FAULTS).flatMap((operations) => Object.values(operations).flat()))]
  return html`<details>
    <summary>${WORDS.other[language]}</summary>
    <form method="post" action="/faults/plan?lang=${language}" class="stack">
      <label
        >${WORDS.target[language]}<select name="target" dir="ltr">
          ${targets}
        </select></label
      >
      <label
        >${WORDS.fault[language]}<select name="fault" dir="ltr">
          ${names.map((name) => html`<option>${name}</option>`)}
        </select></label
      >
      <label>${WORDS.times[language]}<input name="times" type="number" min="1" inputmode="numeric" /></label>
      <button class="danger">${WORDS.plan[language]}</button>
    </form>
  </details>`
}

function attemptList(attempts: WebhookAttempt[], language: Language): Html {
  if (attempts.length === 0) return html`<p class="soft">${WORDS.noWebhooks[language]}</p>`
  return html`<ul class="list">
    ${attempts.map((attempt) => {
      const fine = attempt.result === 'success'
      return html`<li>
        <div class="meta">
          <b><bdi class="ltr">${attempt.event_type}</bdi></b
          ><span class="tag ${fine ? 'good' : 'bad'}"
            >${(fine ? WORDS.delivered : WORDS.failed)[language]}${attempt.response_code !== null && html` <bdi>${attempt.response_code}</bdi>`}</span
          >
        </div>
        <div class="meta">
          <bdi class="ltr">#${attempt.retry_number + 1}</bdi
          ><time datetime="${attempt.created_at}">${clockTime(attempt.created_at, language)}</time>
        </div>
      </li>`
    })}
  </ul>`
}

/** Looks again every two seconds and swaps only the parts that changed; shows the copy buttons, which need it. */
function script(copied: string): string {
  return `
const parts=['conversations','planned','attempts'];
const shown=Object.fromEntries(parts.map((id)=>[id,document.getElementById(id).innerHTML]));
const show=(root)=>root.querySelectorAll('[data-copy]').forEach((button)=>{button.hidden=false});
show(document);
document.addEventListener('click',async({target})=>{const button=target.closest?.('[data-copy]');if(!button)return;
await navigator.clipboard?.writeText(button.dataset.copy);button.textContent=${JSON.stringify(copied)}+' ✓'});
setInterval(async()=>{if(document.hidden)return;try{
const page=new DOMParser().parseFromString(await(await fetch(location.href)).text(),'text/html');
for(const id of parts){const fresh=page.getElementById(id);if(fresh.innerHTML===shown[id])continue;
shown[id]=fresh.innerHTML;show(fresh);document.getElementById(id).replaceChildren(...fresh.childNodes)}
}catch{}},2000);`
}
