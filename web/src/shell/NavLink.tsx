import { Link, type LinkProps } from '@tanstack/react-router'
import { Icon } from '@/ui/Icon'
import type { IconName } from '@/ui/icons'

interface NavLinkProps {
  to: LinkProps['to']
  icon: IconName
  children: string
}

export function NavLink({ to, icon, children }: NavLinkProps) {
  return (
    <Link
      to={to}
      activeOptions={{ includeSearch: false }}
      className="relative flex items-center gap-2 rounded-md px-2.5 font-medium text-muted transition-colors hover:text-fg data-[status=active]:text-fg data-[status=active]:after:absolute data-[status=active]:after:inset-x-2 data-[status=active]:after:-bottom-px data-[status=active]:after:h-0.5 data-[status=active]:after:rounded-full data-[status=active]:after:bg-accent"
    >
      <Icon name={icon} className="size-4 max-sm:hidden" />
      {children}
    </Link>
  )
}
