import { useState } from 'react'
import { copyText } from '@/lib/copy-text'
import { IconButton } from './IconButton'

export function CopyButton({
  text,
  label,
  className = '',
}: {
  text: string
  label: string
  className?: string
}) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    setCopied(await copyText(text))
    window.setTimeout(() => setCopied(false), 1_500)
  }
  return (
    <>
      <IconButton
        icon={copied ? 'check' : 'copy'}
        label={label}
        onClick={() => void copy()}
        className={`size-7 ${copied ? 'text-ok hover:text-ok' : ''} ${className}`}
      />
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </>
  )
}
