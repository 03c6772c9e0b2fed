import { Link } from '@tanstack/react-router'
import { ConnectionIndicator } from '@/features/jobs/live/ConnectionIndicator'
import { AccountMenu } from '@/features/auth/AccountMenu'
import { Logo } from './Logo'
import { NavLink } from './NavLink'

export function Header() {
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-surface/90 backdrop-blur-md">
      <div className="mx-auto flex h-14 max-w-7xl items-center gap-2 px-4 sm:gap-6 sm:px-6">
        <Link to="/catalog" className="flex items-center gap-2.5 rounded-lg font-semibold tracking-tight">
          <Logo />
          <span className="text-[0.9375rem] max-sm:sr-only">Portal</span>
        </Link>
        <nav aria-label="Main" className="flex h-full items-stretch gap-1">
          <NavLink to="/catalog" icon="catalog">
            Catalog
          </NavLink>
          <NavLink to="/jobs" icon="jobs">
            Jobs
          </NavLink>
        </nav>
        <div className="ml-auto flex items-center gap-1.5 sm:gap-3">
          <ConnectionIndicator />
          <AccountMenu />
        </div>
      </div>
    </header>
  )
}
