import { plural } from '@/lib/format'
import { Icon } from '@/ui/Icon'

export function NewJobsPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div role="status" className="flex justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={onShow}
          className="mb-3 inline-flex min-h-8 animate-[rise_0.18s_ease-out] items-center gap-1.5 rounded-full bg-brand px-3.5 text-[0.8125rem] font-medium text-on-brand shadow-pop hover:bg-brand-hover"
        >
          <Icon name="up" className="size-3.5" />
          {plural(count, 'new job')}
        </button>
      )}
    </div>
  )
}
