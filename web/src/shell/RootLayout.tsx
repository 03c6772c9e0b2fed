import { Outlet } from '@tanstack/react-router'
import { Toaster } from '@/ui/Toaster'
import { OfflineNotice } from './OfflineNotice'

export function RootLayout() {
  return (
    <>
      <OfflineNotice />
      <Outlet />
      <Toaster />
    </>
  )
}
