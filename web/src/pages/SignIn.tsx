import { getRouteApi, useRouter } from '@tanstack/react-router'
import { SignInForm } from '@/features/auth/SignInForm'
import { safeNext } from '@/lib/next-path'
import { useTitle } from '@/lib/use-title'
import { Logo } from '@/shell/Logo'

const route = getRouteApi('/sign-in')

export default function SignIn() {
  const { next } = route.useSearch()
  const router = useRouter()
  useTitle('Sign in')
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm space-y-6">
        <div className="flex flex-col items-center gap-3 text-center">
          <Logo className="size-11" />
          <h1 className="text-xl font-semibold tracking-tight">Sign in to the portal</h1>
        </div>
        <div className="rounded-2xl border border-line bg-surface p-6 shadow-card">
          <SignInForm onSignedIn={() => router.history.replace(`/ui${safeNext(next)}`)} />
        </div>
        <div className="space-y-2 text-center text-xs leading-5 text-muted">
          <p>
            The terminal in which the portal was started (<code className="font-mono">make up</code>) shows a
            link that signs you in once.
          </p>
          <p>
            For a new one run <code className="font-mono">portal sign-in-link</code> on that machine, or ask
            your administrator.
          </p>
        </div>
      </div>
    </main>
  )
}
