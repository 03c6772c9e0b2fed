import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { meQuery, signOut } from '@/api/auth'
import { sentence } from '@/api/errors'
import { showToast } from '@/lib/toasts'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { Popover } from '@/ui/Popover'
import { ThemeChoice } from './ThemeChoice'

export function AccountMenu() {
  const { data: me } = useSuspenseQuery(meQuery())
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in', search: {} })
      queryClient.clear()
    },
    onError: (error) => void showToast({ tone: 'bad', text: sentence(error) }),
  })

  return (
    <Popover
      label={`Account: ${me.name}`}
      triggerClassName="flex h-9 items-center gap-2 rounded-lg px-2 text-muted transition-colors hover:bg-idle-soft hover:text-fg"
      trigger={
        <>
          <span className="grid size-6 place-items-center rounded-full bg-brand-soft text-xs font-semibold text-brand uppercase">
            {me.name.charAt(0)}
          </span>
          <span className="max-w-32 truncate max-md:hidden">{me.name}</span>
          <Icon name="down" className="size-3.5" />
        </>
      }
    >
      <div className="w-60 space-y-3 p-2">
        <div>
          <p className="truncate font-semibold">{me.name}</p>
          <p className="text-xs text-muted">{[...me.roles, ...me.groups].join(', ')}</p>
        </div>
        <ThemeChoice />
        <Button
          tone="secondary"
          icon="sign-out"
          className="w-full"
          pending={leave.isPending}
          onClick={() => leave.mutate()}
        >
          Sign out
        </Button>
      </div>
    </Popover>
  )
}
