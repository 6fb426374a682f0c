/** A real Chromium that comes with npm: unpacked once a version into the temporary folder, started without a system package. */
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

const unbrotli = promisify(brotliDecompress)

/** A customer in Riyadh's language whose telephone stands on New York's clock: the business's zone must decide. */
export const arabicPhone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'ar-SA',
  timezoneId: 'America/New_York',
}

export async function launchBrowser(): Promise<Browser> {
  const unpacked = await unpackedChromium()
  const libraries = [join(unpacked.folder, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':')
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: unpacked.folder }
  return await chromium.launch({
    executablePath: unpacked.executable,
    env: { ...process.env, ...fonts, LD_LIBRARY_PATH: libraries },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--disable-sync',
      '--no-pings',
      '--font-render-hinting=none',
    ],
  })
}

/** Fails the test that owns `context` on any request that leaves this machine, and on any script error. */
export function watchForTrouble(context: BrowserContext): { troubles: string[] } {
  const troubles: string[] = []
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1' && hostname !== 'localhost') troubles.push(`asked ${hostname}`)
  })
  context.on('page', (page: Page) => {
    page.on('pageerror', (error) => troubles.push(`script error: ${error.message}`))
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) troubles.push(message.text())
    })
  })
  return { troubles }
}

async function unpackedChromium(): Promise<{ folder: string; executable: string }> {
  const own = process.env['CHROMIUM_PATH']
  if (own) return { folder: dirname(own), executable: own }
  const packageFolder = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..')
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const folder = join(tmpdir(), `thabit-chromium-${version}-${process.getuid?.() ?? 'user'}`)
  const executable = join(folder, 'chromium')
  if (existsSync(executable)) return { folder, executable }

  // Unpacked beside and moved into place whole, so that two test runs at once cannot meet a half-written browser.
  const fresh = `${folder}.new.${process.pid}`
  await mkdir(fresh, { recursive: true })
  const unpack = async (name: string) => await unbrotli(await readFile(join(packageFolder, 'bin', name)))
  await untar(await unpack('al2023.tar.br'), fresh)
  await untar(await unpack('fonts.tar.br'), fresh)
  await writeFile(join(fresh, 'chromium'), await unpack('chromium.br'))
  await chmod(join(fresh, 'chromium'), 0o755)
  try {
    await rename(fresh, folder)
  } catch (error) {
    if (!existsSync(executable)) throw error
    await rm(fresh, { recursive: true, force: true })
  }
  await stat(executable)
  return { folder, executable }
}

/** Writes the plain files of a tar archive; enough for the archives of this one package. */
async function untar(archive: Buffer, folder: string): Promise<void> {
  const blockBytes = 512
  for (let at = 0; at + blockBytes <= archive.length;) {
    const header = archive.subarray(at, at + blockBytes)
    const field = (from: number, to: number) => header.toString('utf8', from, to).replace(/\0.*$/s, '').trim()
    const name = field(0, 100)
    if (!name) return
    const sizeBytes = Number.parseInt(field(124, 136), 8) || 0
    const kind = field(156, 157)
    if (kind === '' || kind === '0') {
      const target = join(folder, name)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, archive.subarray(at + blockBytes, at + blockBytes + sizeBytes))
    }
    at += blockBytes * (1 + Math.ceil(sizeBytes / blockBytes))
  }
}
