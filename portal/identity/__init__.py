"""Who is calling: the administrator's token, sign-in links and sessions."""
