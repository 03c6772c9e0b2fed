import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from '@/api/query-client'
import { watchTheme } from '@/lib/theme'
import { createAppRouter } from './router'
import './styles/app.css'

const queryClient = createQueryClient(() => void goToSignIn())
const router = createAppRouter(queryClient)

async function goToSignIn() {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  queryClient.removeQueries({ queryKey: ['me'] })
  await router.navigate({ to: '/sign-in', search: { next: `/ui${href}` }, replace: true })
}

watchTheme()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
