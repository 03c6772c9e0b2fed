import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { meQuery, signIn } from '@/api/auth'
import { sentence } from '@/api/errors'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { takeLinkToken } from './link-token'

/** Signs in with the link's token by itself, or with one that is pasted. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const queryClient = useQueryClient()
  const [token, setToken] = useState('')
  const tried = useRef(false)
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: signIn,
    onSuccess: (me) => {
      queryClient.setQueryData(meQuery().queryKey, me)
      onSignedIn()
    },
  })

  useEffect(() => {
    const trySignIn = () => {
      const fromLink = takeLinkToken()
      if (fromLink) mutate(fromLink)
    }
    if (!tried.current) {
      tried.current = true
      trySignIn()
    }
    // A link opened while this page is already shown changes the fragment only.
    window.addEventListener('hashchange', trySignIn)
    return () => window.removeEventListener('hashchange', trySignIn)
  }, [mutate])

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (token.trim()) mutate(token.trim())
      }}
    >
      {error && (
        <p role="alert" id="sign-in-error" className="flex gap-2 rounded-lg bg-bad-soft px-3 py-2.5 text-bad">
          <Icon name="alert" className="mt-0.5 size-4" />
          {sentence(error)}
        </p>
      )}
      <div className="space-y-1.5">
        <label htmlFor="token" className="block font-medium">
          Sign-in token
        </label>
        <input
          id="token"
          type="password"
          required
          autoComplete="off"
          spellCheck={false}
          className="field font-mono"
          value={token}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? 'sign-in-error' : undefined}
          onChange={(event) => setToken(event.target.value)}
        />
      </div>
      <Button type="submit" tone="primary" className="w-full" pending={isPending || isSuccess}>
        {isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}
