import { buffer } from 'node:stream/consumers'
import { Client } from 'minio'
import { ZipFile } from 'yazl'

/** What every packer must do at the least: zip the files, put the archive. Nothing of ours. */
export function zipAndPut(storeUrl: string) {
  const url = new URL(storeUrl.replace(/^s3\+/, ''))
  const bucket = url.pathname.slice(1)
  const client = new Client({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: false,
    accessKey: decodeURIComponent(url.username),
    secretKey: decodeURIComponent(url.password),
    region: url.searchParams.get('region') ?? 'us-east-1',
  })
  return async (name: string, files: Record<string, string>) => {
    const zip = new ZipFile()
    for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), path)
    zip.end()
    const bytes = await buffer(zip.outputStream as NodeJS.ReadableStream)
    await client.putObject(bucket, `bare/${name}.zip`, bytes, bytes.length)
  }
}
