const face = (script: string, weight: number, range: string): string =>
  `@font-face{font-family:Tajawal;font-weight:${weight};font-display:swap;src:url(/fonts/tajawal-${script}-${weight}.woff2) format("woff2");unicode-range:${range}}`
const ARABIC = 'U+0600-06FF,U+0750-077F,U+200C-200E,U+FB50-FDFF,U+FE70-FEFC'
const LATIN = 'U+0000-00FF,U+2000-200B,U+2010-206F,U+20AC,U+2122'

/** One sheet for all pages: logical properties only, so that it reads from either side. */
export const STYLE = `
${face('arabic', 400, ARABIC)}${face('arabic', 700, ARABIC)}${face('latin', 400, LATIN)}${face('latin', 700, LATIN)}
:root{--ink:#1c2430;--soft:#566072;--line:#dfe3ea;--paper:#fff;--ground:#f3f5f8;--brand:#155e63;--brand-deep:#0f474b;--brand-pale:#e6f2f2;--warn:#6a4700;--warn-pale:#fff4d6;--bad:#a3201d;--bad-pale:#fdecea;--good:#17603a;--good-pale:#e5f5ec}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:400 1rem/1.6 Tajawal,system-ui,"Segoe UI",Tahoma,sans-serif}
h1,h2,h3,p,ul,ol,dl,dd,fieldset{margin:0;padding:0;border:0}
h1{font-size:1.35rem;line-height:1.35}h2{font-size:1.1rem}h3{font-size:1rem}
ul,ol{list-style:none}
a{color:var(--brand)}
bdi.ltr,.ltr{direction:ltr;unicode-bidi:isolate}
:focus-visible{outline:3px solid #1a73d9;outline-offset:2px;border-radius:6px}
.notice{background:var(--warn-pale);color:var(--warn);text-align:center;padding:.55rem 1rem;font-size:.9rem;border-block-end:1px solid #f0dca6}
.bar{display:flex;align-items:center;justify-content:space-between;gap:1rem;max-inline-size:30rem;margin-inline:auto;padding:1rem 1rem 0}
.bar.wide,main.wide{max-inline-size:64rem}
main{max-inline-size:30rem;margin-inline:auto;padding:1rem;display:grid;gap:1rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:16px;padding:1.15rem;display:grid;gap:.85rem;align-content:start;min-inline-size:0}
.soft{color:var(--soft);font-size:.92rem}
.amount{font-size:2.1rem;font-weight:700;line-height:1.15;letter-spacing:-.01em}
.said{border-radius:12px;padding:.75rem .9rem;font-weight:700}
.said small{display:block;font-weight:400}
.said.bad{background:var(--bad-pale);color:var(--bad)}.said.good{background:var(--good-pale);color:var(--good)}.said.plain{background:var(--ground);color:var(--ink)}
label{display:grid;align-content:start;gap:.3rem;font-size:.92rem;font-weight:700;min-inline-size:0}
input,select{font:inherit;font-weight:400;inline-size:100%;min-inline-size:0;min-block-size:48px;padding:.5rem .8rem;border:1px solid #8b95a5;border-radius:12px;background:#fff;color:var(--ink)}
input.ltr{text-align:start}[dir=rtl] input.ltr{text-align:end}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
button,.button{font:inherit;font-weight:700;min-block-size:48px;padding:.6rem 1rem;border-radius:12px;border:1px solid var(--brand);background:var(--paper);color:var(--brand-deep);cursor:pointer;text-align:center;text-decoration:none;display:inline-flex;align-items:center;justify-content:center;gap:.5rem}
button:hover,.button:hover{background:var(--brand-pale)}
.main{background:var(--brand);border-color:var(--brand);color:#fff}.main:hover{background:var(--brand-deep)}
.danger{border-color:#d7a19f;color:var(--bad)}.danger:hover{background:var(--bad-pale)}
.quiet{border-color:var(--line);color:var(--ink);font-weight:400}
.small{justify-self:start;min-block-size:36px;padding:.25rem .75rem;font-size:.88rem;border-radius:10px}
.stack{display:grid;gap:.6rem}
.chips{display:grid;grid-template-columns:1fr 1fr;gap:.5rem}
.chips button{font-size:.88rem;padding:.4rem .5rem;line-height:1.3;flex-direction:column;gap:0}
.chips small{color:var(--soft);font-weight:400}.chips .main small{color:#fff}
.language{display:inline-flex;align-items:center;min-block-size:40px}
summary{cursor:pointer;font-weight:700;min-block-size:40px;display:flex;align-items:center;gap:.5rem}
summary::before{content:"";inline-size:.5rem;block-size:.5rem;border-inline-end:2px solid;border-block-end:2px solid;transform:rotate(45deg);flex:none}
details[open]>summary::before{transform:rotate(225deg)}
[dir=rtl] summary::before{transform:rotate(-45deg)}[dir=rtl] details[open]>summary::before{transform:rotate(135deg)}
.board{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
@media(min-width:52rem){.board{grid-template-columns:repeat(2,minmax(0,1fr))}}
.phone-head{display:flex;align-items:baseline;justify-content:space-between;gap:.5rem;border-block-end:1px solid var(--line);padding-block-end:.5rem}
.bubble{background:var(--ground);border-radius:4px 16px 16px 16px;padding:.7rem .85rem;display:grid;gap:.45rem}
[dir=rtl] .bubble{border-radius:16px 4px 16px 16px}
.bubble p{white-space:pre-wrap;overflow-wrap:anywhere}
.meta{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.25rem .75rem;font-size:.85rem;color:var(--soft)}
.empty{text-align:center;padding-block:2rem;color:var(--soft)}
.list{display:grid;gap:.5rem}.list>li{border:1px solid var(--line);border-radius:12px;padding:.55rem .8rem;display:grid;gap:.1rem;font-size:.92rem;overflow-wrap:anywhere}
.tag{font-size:.8rem;font-weight:700;border-radius:99px;padding:.1rem .6rem}.tag.good{background:var(--good-pale);color:var(--good)}.tag.bad{background:var(--bad-pale);color:var(--bad)}.bubble>.tag{justify-self:start;background:var(--brand-pale);color:var(--brand-deep)}.bubble>.tag.whatsapp{background:var(--good-pale);color:var(--good)}.bubble>.tag.email{background:var(--warn-pale);color:var(--warn)}
.inline{display:flex;flex-wrap:wrap;gap:.5rem}
[hidden]{display:none!important}
`
